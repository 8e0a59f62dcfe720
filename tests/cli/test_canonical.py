# SPDX-License-Identifier: Apache-2.0
"""Canonical notices that somebody wrote or changed by hand: whatever stands in them is still there afterwards, and said."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import Case

HEAD = {"id": "1", "type": "wanted", "issuer": "NCB Example"}


def notice(head=None, subject=None, **more):
    return {"notice": {**HEAD, **(head or {})}, "subject": [{"kind": "person", **(subject or {})}], **more}


class ByHand(Case):
    def read(self, value):
        """The notice as the program reads it, the same through every canonical form, and the codes of its messages."""
        self.write("in.jsonl", json.dumps(value) + "\n")
        first = self.run_program("convert", "--log-format", "json", "-f", "notice-jsonl", "-t", "notice-jsonl", "-o",
                                 "out.jsonl", "in.jsonl")
        read = json.loads((self.folder / "out.jsonl").read_bytes())
        for form in ("notice-json", "notice-xml", "notice-csv"):
            self.run_program("convert", "-q", "-f", "notice-jsonl", "-t", form, "-o", form, "in.jsonl")
            again = self.run_program("convert", "-q", "-f", form, "-t", "notice-jsonl", form).notices()
            self.assertEqual(again, [read], form)
        return read, first.codes()[:-1]

    def test_value_that_is_not_canonical(self):
        read, codes = self.read(notice({"published": "12.3.1965"}))
        self.assertEqual(codes, ["value-not-canonical"])
        self.assertEqual(read["notice"], {**HEAD, "published_original": "12.3.1965"})

    def test_value_that_is_not_canonical_beside_its_original(self):
        for head in ({"published": "12.3.1965", "published_original": "le 12 mars"},
                     {"published_original": "le 12 mars", "published": "12.3.1965"}):
            with self.subTest(head=head):
                read, codes = self.read(notice(head))
                self.assertEqual(codes, ["value-not-canonical"])
                self.assertEqual(read["notice"], {**HEAD, "published_original": "le 12 mars"})
                self.assertEqual(read["unmapped"],
                                 [{"format": "notice-jsonl", "path": "notice.published", "value": "12.3.1965"}])

    def test_the_same_in_xml_and_csv(self):
        wanted = {"published_original": "le 12 mars"}
        self.write("in.xml", '<notices xmlns="urn:dragoman:notice:1"><record><notice><id>1</id><type>wanted</type>'
                   '<issuer>X</issuer><published original="le 12 mars">12.3.1965</published></notice>'
                   '<subject><kind>person</kind></subject></record></notices>')
        self.write("in.csv", "notice.id,notice.type,notice.issuer,notice.published,subject.kind,originals\n"
                   "1,wanted,X,12.3.1965,person,notice.published=le 12 mars\n")
        for name in ("in.xml", "in.csv"):
            with self.subTest(name=name):
                [read] = self.run_program("convert", "-t", "notice-jsonl", name).notices()
                self.assertLessEqual(wanted.items(), read["notice"].items())
                self.assertEqual([entry["value"] for entry in read["unmapped"]], ["12.3.1965"])

    def test_original_before_its_value(self):
        read, codes = self.read({"notice": {"title_original": " A ", "title": "A", **HEAD}, "subject": [{"kind": "person"}]})
        self.assertEqual(codes, [])
        self.assertEqual(read["notice"], {**HEAD, "title": "A", "title_original": " A "})
        self.assertNotIn("unmapped", read)

    def test_list_where_one_may_stand(self):
        read, codes = self.read(notice({"title": ["first", "second", "third"]}))
        self.assertEqual(codes, ["field-repeated"] * 2)
        self.assertEqual(read["notice"]["title"], "first")
        self.assertEqual([(entry["path"], entry["value"]) for entry in read["unmapped"]],
                         [("notice/title", "second"), ("notice/title", "third")])

    def test_element_twice(self):
        self.write("in.xml", '<notices xmlns="urn:dragoman:notice:1"><record><notice><id>1</id><id>2</id>'
                   '<type>wanted</type><issuer>X</issuer><title original="b ">b</title><title original="c ">c</title></notice>'
                   '<subject><kind>person</kind>stray</subject></record></notices>')
        result = self.run_program("convert", "-t", "notice-jsonl", "in.xml")
        [read] = result.notices()
        self.assertEqual((read["notice"]["id"], read["notice"]["title"]), ("1", "b"))
        self.assertEqual(sorted(entry["value"] for entry in read["unmapped"]), ["2", "c", "c ", "stray"])

    def test_text_beside_a_state(self):
        self.write("in.xml", '<notices xmlns="urn:dragoman:notice:1"><record><notice><id>1</id><type>wanted</type>'
                   '<issuer>X</issuer><published unparsed="true" original="o">stray</published>'
                   '<title null="true">none</title><summary original="s"/></notice>'
                   '<subject><kind>person</kind></subject></record></notices>')
        [read] = self.run_program("convert", "-t", "notice-jsonl", "in.xml").notices()
        self.assertEqual(read["notice"], {"id": "1", "type": "wanted", "issuer": "X", "published_original": "o",
                                          "title": None, "summary_original": "s"})
        self.assertEqual([entry["value"] for entry in read["unmapped"]], ["stray", "none"])

    def test_object_where_a_value_stands(self):
        read, codes = self.read(notice({"url": {"href": "https://police.example"}}))
        self.assertEqual(codes, ["field-unknown"])
        self.assertEqual(read["notice"], HEAD)
        self.assertEqual([entry["value"] for entry in read["unmapped"]], ["https://police.example"])

    def test_what_is_no_field(self):
        read, codes = self.read(notice({"nonsense": "1"}, {"nmae": [{"full": "A"}, {"full": "B"}]}, extra={"deep": [1, None]},
                                       charge="theft"))
        self.assertEqual(set(codes), {"field-unknown"})
        self.assertEqual([entry["value"] for entry in read["unmapped"]], ["1", "A", "B", 1, None, "theft"])

    def test_lone_group_for_a_list(self):
        read, codes = self.read({"notice": HEAD, "subject": {"kind": "person", "name": {"full": "A"}}})
        self.assertEqual(codes, [])
        self.assertEqual(read["subject"], [{"kind": "person", "name": [{"full": "A"}]}])

    def test_originals_that_belong_nowhere(self):
        self.write("in.csv", "notice.id,notice.type,notice.issuer,subject.kind,originals\n"
                   "1,wanted,X,person,notice.nonsense=a|no equals sign|subject[0].kind=b|notice.title=c\n")
        result = self.run_program("convert", "-t", "notice-jsonl", "in.csv")
        [read] = result.notices()
        self.assertEqual(read["notice"]["title_original"], "c")
        self.assertEqual([entry["value"] for entry in read["unmapped"]],
                         ["notice.nonsense=a", "no equals sign", "subject[0].kind=b"])
        self.assertEqual(result.err.count("[field-unknown]"), 3)

    def test_same_name_twice(self):
        self.write("in.jsonl", '{"notice":{"id":"1","id":"2","type":"wanted","issuer":"X"},"subject":[{"kind":"person"}]}\n')
        result = self.run_program("convert", "-f", "notice-jsonl", "-t", "notice-jsonl", "in.jsonl", status=1)
        self.assertIn("in.jsonl:1:21: error:", result.err)
        self.assertIn("[json-duplicate-key]", result.err)

    def test_numbers_are_text(self):
        """No value goes through a binary number."""
        read, _ = self.read(notice(subject={"weight": 80.50, "age_min": 9007199254740993}))
        self.assertEqual(read["subject"][0]["age_min"], "9007199254740993")


harness.main()
