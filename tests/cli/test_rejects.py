# SPDX-License-Identifier: Apache-2.0
"""Bad records and bad files: what each costs, what is said about it and where, and that its bytes are kept."""
import base64
import csv
import io
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, Case

COUNT = 10000
MIDDLE = COUNT // 2  # the record that is broken, from 1
HEADER = "notice.id,notice.type,notice.issuer,subject.kind"
NAMESPACE = "urn:dragoman:notice:1"


def row(number):
    return f"{number},wanted,NCB Example,person"


def member(number):
    return json.dumps({"notice": {"id": str(number), "type": "wanted", "issuer": "NCB Example"},
                       "subject": [{"kind": "person"}]}, ensure_ascii=False)


def element(number, more=""):
    return (f"<record><notice><id>{number}</id><type>wanted</type><issuer>NCB Example</issuer>{more}</notice>"
            "<subject><kind>person</kind></subject></record>")


def table(broken=None):
    rows = [row(number).encode() for number in range(1, COUNT + 1)]
    if broken is not None:
        rows[MIDDLE - 1] = broken
    return HEADER.encode() + b"\n" + b"\n".join(rows) + b"\n"


def records(kind, broken):
    """10,000 records, the one in the middle broken, and the line it stands in."""
    if kind == "csv":
        return table(broken), MIDDLE + 1
    texts = [(member if kind != "xml" else element)(number).encode() for number in range(1, COUNT + 1)]
    texts[MIDDLE - 1] = broken
    if kind == "jsonl":
        return b"\n".join(texts) + b"\n", MIDDLE
    if kind == "json":
        return b"[\n" + b",\n".join(texts) + b"\n]\n", MIDDLE + 1
    return f'<notices xmlns="{NAMESPACE}">\n'.encode() + b"\n".join(texts) + b"\n</notices>\n", MIDDLE + 1


def original(reject):
    if "base64" in reject:
        return base64.b64decode(reject["base64"], validate=True)
    return reject["text"].encode("utf-8")


class OneRecord(Case):
    """A broken record in the middle of 10,000 costs that record only."""

    def check(self, kind, broken, code, column, options=()):
        data, line = records(kind, broken)
        name = self.write(f"in.{kind}", data).name
        result = self.run_program("convert", "--log-format", "json", "-f", f"notice-{kind}", *options, "-t", "notice-jsonl",
                                  "-o", "out", "--rejects", "rejects", "--report", "report", name, status=1)
        ids = [notice["notice"]["id"] for notice in harness.lines((self.folder / "out").read_bytes())]
        self.assertEqual(ids, [str(number) for number in range(1, COUNT + 1) if number != MIDDLE])
        [reject] = harness.lines((self.folder / "rejects").read_bytes())
        self.assertEqual(original(reject), broken)
        [error, summary] = result.messages()
        for what in (reject, error):
            self.assertEqual((what["file"], what["record"], what["line"], what["column"], what["code"]),
                             (name, MIDDLE, line, column, code))
        self.assertEqual(reject["reason"], error["text"])
        self.assertEqual(reject["offset"], data.index(broken))
        self.assertIn(f"{COUNT} read = {COUNT - 1} written + 1 rejected", summary["text"])
        counts = json.loads((self.folder / "report").read_bytes())["counts"]
        self.assertEqual([counts[name] for name in ("read", "written", "rejected")], [COUNT, COUNT - 1, 1])
        self.assertEqual(counts["bytes"], len(data))

    def test_csv_stray_quote(self):
        self.check("csv", b'5000,wan"ted,NCB Example,person', "csv-stray-quote", 9)

    def test_csv_behind_quote(self):
        self.check("csv", b'5000,"wan"ted,NCB Example,person', "csv-stray-quote", 10)

    def test_csv_too_few(self):
        self.check("csv", b"5000,wanted,NCB Example", "csv-column-count", 1)

    def test_csv_too_many(self):
        self.check("csv", b"5000,wanted,NCB Example,person,x", "csv-column-count", 1)

    def test_csv_byte(self):
        self.check("csv", b"5000,wanted,NCB \xffExample,person", "text-invalid-utf8", 13)

    def test_csv_surrogate(self):
        self.check("csv", b"5000,wanted,NCB \xed\xa0\x80,person", "text-invalid-utf8", 13)

    def test_csv_overlong(self):
        self.check("csv", b"5000,wanted,NCB \xc0\xaf,person", "text-invalid-utf8", 13)

    def test_csv_long_cell(self):
        self.check("csv", b"5000,wanted," + b"x" * 2000 + b",person", "csv-field-too-long", 13,
                   ["--from-option", "max-field=1k"])

    def test_jsonl_syntax(self):
        self.check("jsonl", b'{"notice":{"id":tru}}', "json-syntax", 17)

    def test_jsonl_no_object(self):
        self.check("jsonl", b'{"notice" {}}', "json-syntax", 11)

    def test_jsonl_cut(self):
        self.check("jsonl", member(5000).encode()[:30], "json-syntax", 31)

    def test_jsonl_byte(self):
        self.check("jsonl", b'{"notice":{"id":"\xe9"}}', "text-invalid-utf8", 17)

    def test_json_value(self):
        self.check("json", b'{"notice":{"id":+1}}', "json-syntax", 17)

    def test_json_byte(self):
        self.check("json", b'{"notice":{"id":"\x80"}}', "text-invalid-utf8", 17)

    def test_xml_long_text(self):
        self.check("xml", element(5000, f"<title>{'x' * 2000}</title>").encode(), "xml-text-too-long", 77,
                   ["--from-option", "max-text=1k"])

    def test_xml_byte(self):
        self.check("xml", element(5000).encode().replace(b"Example", b"Ex\xffmple"), "text-invalid-utf8", 63)

    def test_incomplete(self):
        self.check("jsonl", member(5000).replace('"wanted"', "null").encode(), "notice-incomplete", 1)
        self.check("csv", b"5000,,NCB Example,person", "notice-incomplete", 1)


class OtherCharsets(Case):
    def test_bytes_of_the_source(self):
        """A reject of a windows-1252 file holds its bytes in that charset."""
        data = (GOLDEN / "ameripol" / "personas.csv").read_bytes()
        rows = data.split(b"\r\n")
        broken = rows[1] + b";one cell too many"
        name = self.write("in.csv", data.replace(rows[1], broken)).name
        self.run_program("convert", "-q", "-t", "notice-jsonl", "-o", "out", "--rejects", "rejects", name, status=1)
        [reject] = harness.lines((self.folder / "rejects").read_bytes())
        self.assertIn("base64", reject)
        self.assertEqual(original(reject), broken)

    def test_refused_envelope(self):
        """What stands outside the records and cannot be written is lost, and the report says so."""
        path = "/CONSOLIDATED_LIST/@dateGenerated"
        notice = {"notice": {"id": "1", "type": "sanction", "form": "listing", "issuer": "UNSC"},
                  "subject": [{"kind": "person"}],
                  "unmapped": [{"format": "un-sc", "path": path, "value": "a\x01b"}]}
        (self.folder / "in.jsonl").write_text(json.dumps(notice) + "\n")
        self.run_program("convert", "-q", "-t", "un-sc", "-o", "out", "--report", "report", "in.jsonl", status=0)
        report = json.loads((self.folder / "report").read_text())
        self.assertEqual(report["records"][0]["losses"], [{"field": f"unmapped(un-sc:{path})", "kind": "dropped"}])

    def test_target_without_a_place(self):
        """What the target has no record for is rejected with the source's bytes."""
        source = GOLDEN / "un-sc" / "sample.xml"
        self.run_program("convert", "-q", "-t", "ameripol", "-o", "out", "--rejects", "rejects", source, status=1)
        rejects = harness.lines((self.folder / "rejects").read_bytes())
        self.assertEqual([reject["code"] for reject in rejects], ["target-no-shape"] * 4)
        for reject in rejects:
            self.assertRegex(reject["text"], r"^<ENTITY[ >]")
            self.assertTrue(reject["text"].endswith("</ENTITY>"))
            self.assertIn(reject["text"].encode(), source.read_bytes())


class WholeFile(Case):
    """What breaks a file: nothing under the final name, and where it broke."""

    def check(self, source, data, code, place, status=3, options=()):
        self.write("in", data)
        self.write("old", "as it was")
        result = self.run_program("convert", *options, "-f", source, "-t", "notice-jsonl", "-o", "old", "in", status=status)
        self.assertIn(f"in:{place}: error: ", result.err)
        self.assertIn(f"[{code}]", result.err)
        self.assertEqual((self.folder / "old").read_bytes(), b"as it was")
        self.assertEqual(self.files(), ["in", "old"])
        return result

    def test_truncated_json(self):
        whole = f"[\n{member(1)},\n{member(2)}\n]\n"
        for cut in (1, 2, 40, len(member(1)) + 2, len(member(1)) + 4, len(whole) - 3):
            with self.subTest(cut=cut):
                line = whole[:cut].count("\n") + 1
                column = cut - whole[:cut].rfind("\n")
                self.check("notice-json", whole[:cut], "json-truncated", f"{line}:{column}")

    def test_truncated_xml(self):
        whole = f'<notices xmlns="{NAMESPACE}">\n{element(1)}\n{element(2)}\n</notices>\n'
        for cut in (30, 100, whole.index("<record>", 60), len(whole) - 5, len(whole) - 12):
            with self.subTest(cut=cut):
                self.check("notice-xml", whole[:cut], "xml-truncated", f"{whole[:cut].count(chr(10)) + 1}:"
                           f"{cut - whole[:cut].rfind(chr(10))}")

    def test_no_record_at_all(self):
        result = self.check("notice-csv", HEADER + "\n" + '"1,wanted,X,person', "csv-unclosed-quote", "2:1", 1)
        self.assertIn("[nothing-converted]", result.err)

    def test_not_well_formed(self):
        for text in ("<a></b>", "<a>&nope;</a>", "<a b=1/>", "<a b='1' b='2'/>", "<a>]]></a>", "<a>\x01</a>", "<x:a/>"):
            with self.subTest(text=text):
                self.write("in", f'<notices xmlns="{NAMESPACE}">\n{text}</notices>\n')
                result = self.run_program("convert", "--log-format", "json", "-f", "notice-xml", "-t", "notice-jsonl", "-o",
                                          "out", "in", status=3)
                first = result.messages()[0]
                self.assertTrue(first["code"].startswith("xml-"), first)
                self.assertEqual(first["line"], 2)
                self.assertEqual(self.files(), ["in"])

    def test_doctype(self):
        """No entity is ever read, from wherever it comes."""
        canary = self.write("canary", "CANARY-IN-A-FILE")
        for doctype in (f'<!DOCTYPE notices [<!ENTITY c SYSTEM "file://{canary}">]>',
                        '<!DOCTYPE notices [<!ENTITY c "CANARY-IN-A-FILE">]>',
                        f'<!DOCTYPE notices SYSTEM "file://{canary}">',
                        f'<!DOCTYPE notices [<!ENTITY % p SYSTEM "file://{canary}"> %p;]>', "<!DOCTYPE notices>"):
            with self.subTest(doctype=doctype):
                self.write("in.xml", f'<?xml version="1.0"?>\n{doctype}\n<notices xmlns="{NAMESPACE}">'
                           f'{element(1, "<title>&c;</title>")}</notices>')
                result = self.run_program("convert", "-f", "notice-xml", "-t", "notice-jsonl", "-o", "out", "--rejects",
                                          "rejects", "in.xml", status=3)
                self.assertIn("in.xml:2:1: error:", result.err)
                self.assertIn("[xml-doctype]", result.err)
                self.assertNotIn("CANARY", result.err)
                self.assertNotIn("out", self.files())
                self.assertNotIn(b"CANARY", (self.folder / "rejects").read_bytes())
                self.run_program("convert", "-t", "notice-jsonl", "-o", "out", "in.xml", status=3)

    def test_entity_bomb(self):
        levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
        self.write("in.xml", f'<!DOCTYPE n [<!ENTITY e0 "lol">{levels}]><notices>&e9;</notices>')
        self.assertIn("[xml-doctype]", self.run_program("convert", "-f", "notice-xml", "-t", "notice-jsonl", "in.xml",
                                                        status=3).err)

    def test_xinclude_is_text(self):
        canary = self.write("canary", "CANARY-IN-A-FILE")
        self.write("in.xml", f'<notices xmlns="{NAMESPACE}" xmlns:xi="http://www.w3.org/2001/XInclude">'
                   + element(1, f'<title><xi:include href="{canary}" parse="text"/></title>') + "</notices>")
        result = self.run_program("convert", "-t", "notice-jsonl", "in.xml")
        self.assertNotIn(b"CANARY", result.out)

    def test_wrong_header(self):
        for source, text in [("ameripol", "a;b;c\r\n1;2;3\r\n"), ("notice-csv", "a,b,c\n1,2,3\n"),
                             ("ameripol", "Nro orden,Proceso\n1,2\n")]:
            with self.subTest(source=source):
                result = self.check(source, text, "notice-incomplete", "2:1", 1)
                self.assertIn("[nothing-converted]", result.err)

    def test_something_else(self):
        """A file of one format, said to be another."""
        samples = {"un-sc": GOLDEN / "un-sc/sample.xml", "interpol": GOLDEN / "interpol/red-details.json",
                   "ameripol": GOLDEN / "ameripol/personas.csv", "notice-jsonl": GOLDEN / "notice-jsonl/samples.jsonl",
                   "notice-xml": GOLDEN / "notice-xml/samples.xml", "notice-csv": GOLDEN / "notice-csv/samples.csv"}
        for source in samples:
            for name, path in samples.items():
                if name == source or {name, source} <= {"notice-jsonl", "notice-json"}:
                    continue
                with self.subTest(source=source, name=name):
                    self.write("old", "as it was")
                    result = self.run_program("convert", "-q", "-f", source, "-t", "notice-xml", "-o", "old", path,
                                              status=(1, 3))
                    empty = "[no-records]" in self.run_program("convert", "-f", source, "-t", "notice-xml", path,
                                                               status=(1, 3)).err
                    if not empty:
                        self.assertIn("error:", result.err)
                        self.assertEqual((self.folder / "old").read_bytes(), b"as it was")

    def test_depth(self):
        self.write("in", '[{"a":' + "[" * 100000)
        self.run_program("convert", "-f", "notice-json", "-t", "notice-jsonl", "-o", "out", "in", status=(1, 3))
        self.write("in", "<notices>" + "<a>" * 100000)
        result = self.run_program("convert", "-f", "notice-xml", "-t", "notice-jsonl", "-o", "out", "in", status=(1, 3))
        self.assertIn("[xml-", result.err)
        self.assertNotIn("out", self.files())


class Conservation(Case):
    def test_mixed(self):
        """read = written + rejected, over several inputs, counted independently."""
        self.write("a.csv", table(b"x"))
        self.write("b.jsonl", "\n".join([member(1), "{", member(2), "nonsense", member(3)]) + "\n")
        result = self.run_program("convert", "--log-format", "json", "-t", "notice-csv", "-o", "out", "--rejects", "rejects",
                                  "--report", "report", "a.csv", "b.jsonl", status=1)
        counts = json.loads((self.folder / "report").read_bytes())["counts"]
        with io.StringIO((self.folder / "out").read_text("utf-8"), newline="") as out:
            written = len(list(csv.reader(out))) - 1
        rejected = len(harness.lines((self.folder / "rejects").read_bytes()))
        self.assertEqual((counts["written"], counts["rejected"]), (written, rejected))
        self.assertEqual(counts["read"], written + rejected)
        self.assertEqual(written, COUNT - 1 + 3)
        self.assertIn(f"{counts['read']} read = {written} written + {rejected} rejected", result.messages()[-1]["text"])


harness.main()
