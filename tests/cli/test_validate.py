# SPDX-License-Identifier: Apache-2.0
"""validate and explain: what is said of good and bad inputs, in every form of report, and what advice makes of it."""
import json
import re
import sys
import xml.etree.ElementTree
from html.parser import HTMLParser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, Case

try:
    import jsonschema
except ImportError:
    harness.skip("python3-jsonschema is not there")

SOUND = '{"notice":{"id":"%s","type":"wanted","issuer":"X"},"subject":[{"kind":"person","name":[{"full":"A"}]}],"charge":[{"text":"t"}]}\n'
TALL = SOUND.replace('"person",', '"person","height":"1.80",')
NOBODY = '{"notice":{"id":"%s","type":"wanted","issuer":"X"},"subject":[{"kind":"person"}],"charge":[{"text":"t"}]}\n'
CANCELS = ('{"notice":{"id":"%s","type":"wanted","form":"cancellation","issuer":"X","reference":[{"scheme":"cancels","value":"%s"}]},'
           '"subject":[{"kind":"person","name":[{"full":"A"}]}],"charge":[{"text":"t"}]}\n')
BROKEN = '{"notice":{"id":"9"\n'


TEXT, COUNT, BAG = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "object"}


def closed(required, **members):
    """An object with these members and no others."""
    return {"type": "object", "properties": members, "required": required.split(), "additionalProperties": False}


def listed(items, unique=False):
    return {"type": "array", "items": items, "uniqueItems": unique}


# What a report uses of SARIF 2.1.0, as its schema has it: members, types and sets; nothing else may stand there.
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = closed("text", text=TEXT)
ARTIFACT = closed("uri", uri={"type": "string", "pattern": "^[!-~]*$"})
REGION = closed("startLine", startLine={"type": "integer", "minimum": 1})
LOCATION = closed("", physicalLocation=closed("artifactLocation", artifactLocation=ARTIFACT, region=REGION),
                  logicalLocations=listed(closed("fullyQualifiedName", fullyQualifiedName=TEXT), unique=True))
DESCRIPTOR = closed("id", id=TEXT, shortDescription=MESSAGE, fullDescription=MESSAGE, defaultConfiguration=closed("level", level=LEVEL),
                    help=MESSAGE, properties=BAG)
RESULT = closed("message", ruleId=TEXT, ruleIndex=COUNT, level=LEVEL, message=MESSAGE, locations=listed(LOCATION), properties=BAG)
SARIF = closed("version runs", **{"$schema": {"type": "string", "format": "uri"}, "version": {"enum": ["2.1.0"]}, "runs": listed(closed(
    "tool results", properties=BAG, artifacts=listed(closed("location", location=ARTIFACT), unique=True), results=listed(RESULT),
    tool=closed("driver", driver=closed("name", name=TEXT, version=TEXT, rules=listed(DESCRIPTOR, unique=True)))))})


class Page(HTMLParser):
    """What a page needs from elsewhere, and its cells."""
    def __init__(self):
        super().__init__()
        self.foreign, self.open, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "link", "img", "iframe", "object"):
            self.foreign.append(tag)
        self.foreign += [value for name, value in attrs if name in ("src", "href") and not value.startswith("#")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text.append(data)


class Validate(Case):
    def report(self, text, *args, status=1, form="json"):
        self.write("in.jsonl", text)
        result = self.run_program("validate", "--report-format", form, *args, "in.jsonl", status=status)
        return json.loads(result.out) if form in ("json", "sarif") else result.out.decode()

    def codes(self, text, *args, status=1):
        return {entry["code"]: (entry["severity"], entry["count"]) for entry in self.report(text, *args, status=status)["codes"]}

    def test_sound(self):
        report = self.report(SOUND % 1 + SOUND % 2, status=0)
        self.assertEqual((report["read"], report["valid"], report["invalid"], report["rejected"]), (2, 2, 0, 0))
        self.assertEqual(report["codes"], [])
        self.assertEqual(report["inputs"], [{"file": "in.jsonl", "format": "notice-jsonl"}])

    def test_counts_and_places(self):
        report = self.report(SOUND % 1 + TALL % 2 + NOBODY % 3 + BROKEN)
        self.assertEqual((report["read"], report["valid"], report["invalid"], report["rejected"]), (4, 2, 1, 1))
        places = {case["code"]: (case["record"], case["line"]) for case in report["cases"]}
        self.assertEqual(places["height-implausible"], (2, 2))
        self.assertEqual(places["person-not-identifiable"], (3, 3))
        self.assertEqual((report["errors"], report["warnings"], report["notes"]), (2, 1, 0))

    def test_messages(self):
        self.write("in.jsonl", NOBODY % 3)
        result = self.run_program("validate", "in.jsonl", status=1)
        self.assertRegex(result.err, r"in\.jsonl:1:1: error: .*nothing tells who the person is.* \[person-not-identifiable\]")
        self.assertIn("1 read = 0 valid + 1 invalid + 0 rejected", result.err)
        self.assertEqual(result.out, b"")

    def test_strict(self):
        self.codes(TALL % 1, status=0)
        self.codes(TALL % 1, "--strict", status=1)

    def test_values_only_on_request(self):
        self.assertNotIn("1.80", json.dumps(self.report(TALL % 1, status=0)))
        self.assertIn("1.80", json.dumps(self.report(TALL % 1, "--show-values", status=0)))

    def test_across_records(self):
        found = self.codes(SOUND % 1 + SOUND % 1 + CANCELS % (2, 1) + CANCELS % (3, 77), status=0)
        self.assertEqual(found, {"id-repeated": ("warning", 1), "reference-dangling": ("warning", 1)})

    def test_numbers_inside_a_notice(self):
        text = ('{"notice":{"id":"1","type":"warn","issuer":"X"},"subject":[{"kind":"person","event":"%d","name":[{"full":"A"}]},'
                '{"kind":"person","principal":"%d","name":[{"full":"B"}]}],"event":[{"kind":"other"}]}\n')
        for event, principal, wanted in ((1, 1, 0), (2, 1, 1), (1, 3, 1), (0, 0, 2)):
            found = self.codes(text % (event, principal), status=0)
            self.assertEqual(found, {"reference-dangling": ("warning", wanted)} if wanted else {})

    def test_references_across_inputs(self):
        self.write("a.jsonl", CANCELS % (2, 1))
        self.write("b.jsonl", SOUND % 1)
        report = json.loads(self.run_program("validate", "--report-format", "json", "a.jsonl", "b.jsonl").out)
        self.assertEqual(report["codes"], [])

    def test_a_doubt_is_told_once(self):
        """By the definition that names the scheme, or else by the rule that finds it; never by both."""
        self.write("x.yaml", "format: x\ntitle: X\nstatus: modelled\nengine: json\noptions: {layout: lines}\nrecords:\n  - at: \"\"\n"
                   "    set: {notice.type: warn, notice.issuer: X, subject.kind: vessel}\n    map:\n      I: notice.id\n"
                   "      A: {to: \"subject.registration(imo).value\", check: imo}\n      B: \"subject.registration(imei).value\"\n")
        self.write("in.jsonl", '{"I":"1","A":"9074728","B":"490154203237519"}\n{"I":"2","A":"907472","B":"4901"}\n')
        env = {"DRAGOMAN_FORMAT_PATH": str(self.folder)}
        for command in (("validate",), ("convert", "-t", "notice-jsonl", "--validate"), ("convert", "-t", "notice-jsonl")):
            with self.subTest(command=command):
                result = self.run_program(*command, "-f", "x", "-v", "--log-format", "json", "in.jsonl", env=env)
                told = sorted((message["record"], message["code"], message["severity"]) for message in result.messages()
                              if message.get("code", "").startswith("identifier-"))
                read = [(1, "identifier-check", "warning"), (2, "identifier-shape", "warning")]
                found = [(1, "identifier-check", "warning"), (2, "identifier-shape", "note")]
                self.assertEqual(told, read if command[-1] == "notice-jsonl" else sorted(read + found))

    def test_advice(self):
        self.write("advice.yaml", "height-implausible: error\nperson-not-identifiable: off\n")
        text = TALL % 1 + NOBODY % 2
        self.assertEqual(self.codes(text, "--advice", "advice.yaml"), {"height-implausible": ("error", 1)})
        self.assertEqual(self.codes(text, "--ignore", "height-implausible"), {"person-not-identifiable": ("error", 1)})
        self.assertEqual(self.codes(text, "--only", "height-implausible", "--ignore", "person-not-identifiable", status=0),
                         {"height-implausible": ("warning", 1)})
        self.assertIn("json-", next(iter(self.codes(text + BROKEN, "--only", "height-implausible", "--ignore",
                                                    "person-not-identifiable,height-implausible"))))

    def test_bad_advice(self):
        self.write("in.jsonl", SOUND % 1)
        for text, line in (("no-such-code: off\n", "1:1"), ("id-repeated: loud\n", "1:14"), ("- a\n", "1:1")):
            self.write("advice.yaml", text)
            result = self.run_program("validate", "--advice", "advice.yaml", "in.jsonl", status=2)
            self.assertRegex(result.err, rf"advice\.yaml:{line}: error: .*\[advice-unusable\]")
        for option in ("--only", "--ignore"):
            self.assertIn("no code", self.run_program("validate", option, "nonsense", "in.jsonl", status=2).err)

    def test_limits(self):
        text = "".join(NOBODY % n for n in range(50))
        report = self.report(text, "--max-errors", "3")
        self.assertEqual((report["read"], report["invalid"]), (3, 3))
        report = self.report(text, "--max-cases", "5")
        self.assertEqual((len(report["cases"]), report["codes"][0]["count"], report["codes"][0]["shown"]), (5, 50, 5))

    def test_one_bad_input_of_two(self):
        self.write("in.jsonl", SOUND % 1)
        self.write("nothing", "")
        result = self.run_program("validate", "nothing", "in.jsonl", status=3)
        self.assertIn("1 read = 1 valid", result.err)

    def test_jsonl(self):
        lines = [json.loads(line) for line in self.report(TALL % 1 + NOBODY % 2, form="jsonl").splitlines()]
        self.assertEqual([line["code"] for line in lines[:-1]], ["height-implausible", "person-not-identifiable"])
        self.assertEqual(lines[-1]["totals"]["read"], 2)

    def test_sarif(self):
        self.write("a b%.jsonl", TALL % 1 + NOBODY % 2)
        sarif = json.loads(self.run_program("validate", "--report-format", "sarif", "a b%.jsonl", status=1).out)
        self.assertEqual(sarif["version"], "2.1.0")
        run = sarif["runs"][0]
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]], result["ruleId"])
            self.assertIn(result["level"], ("note", "warning", "error"))
            location = result["locations"][0]["physicalLocation"]
            self.assertEqual(location["artifactLocation"]["uri"], "a%20b%25.jsonl")
            self.assertGreaterEqual(location["region"]["startLine"], 1)
            self.assertTrue(result["message"]["text"])
        self.assertEqual(sorted(rules), ["height-implausible", "person-not-identifiable"])

    def test_sarif_as_its_schema_has_it(self):
        validator = jsonschema.Draft202012Validator(SARIF)
        self.write("in.jsonl", SOUND % 1)
        self.write("a b%.jsonl", TALL % 1 + NOBODY % 2 + BROKEN)
        self.write("no \u0416.jsonl", "hello\n")
        for inputs in (["in.jsonl"], ["in.jsonl", "in.jsonl"], ["nothing"], ["a b%.jsonl", "no \u0416.jsonl", "a b%.jsonl"], ["-"],
                       [GOLDEN / "interpol" / "page.json", GOLDEN / "aimc" / "doubtful-utf8-only.csv"]):
            with self.subTest(inputs=inputs):
                result = self.run_program("validate", "--report-format", "sarif", "--show-values", *inputs, status=(0, 1, 3), stdin=b"{}\n")
                self.assertEqual([f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(json.loads(result.out))], [])

    def test_inputs_that_cannot_be_read_are_in_the_report(self):
        self.write("in.jsonl", SOUND % 1)
        self.write("what", "hello\n")
        result = self.run_program("validate", "--report-format", "json", "nothing", "what", "in.jsonl", status=3)
        self.assertEqual([entry["code"] for entry in json.loads(result.out)["codes"]], ["format-not-recognised", "input-open"])
        self.assertNotIn("[input-open]", result.err)
        self.assertIn("[input-open]", self.run_program("validate", "nothing", status=3).err)

    def test_junit(self):
        suites = xml.etree.ElementTree.fromstring(self.report(TALL % 1 + NOBODY % 2, form="junit"))
        suite = suites.find("testsuite")
        self.assertEqual((suite.get("name"), suite.get("tests"), suite.get("failures")), ("in.jsonl", "3", "2"))
        self.assertEqual([case.get("name") for case in suite], ["read to its end", "height-implausible", "person-not-identifiable"])

    def test_html(self):
        self.write("<img src=x>&\".jsonl", TALL % 1 + NOBODY % 2)
        page = Page()
        page.feed(self.run_program("validate", "--report-format", "html", "<img src=x>&\".jsonl", status=1).out.decode())
        page.close()
        self.assertEqual((page.foreign, page.open), ([], []))
        text = "".join(page.text)
        for part in ("<img src=x>&\".jsonl", "notice-jsonl", "person-not-identifiable", "height-implausible", "records read"):
            self.assertIn(part, text)

    def test_report_replaces_nothing_it_reads(self):
        self.write("in.jsonl", SOUND % 1)
        self.run_program("validate", "--report-format", "json", "-o", "in.jsonl", "in.jsonl", status=2)
        self.assertEqual((self.folder / "in.jsonl").read_text(), SOUND % 1)

    def test_golden_samples_break_no_rule_that_rejects(self):
        for path in sorted(GOLDEN.glob("*/*.*")):
            if path.suffix in (".md", ".py"):
                continue
            with self.subTest(path=path):
                result = harness.dragoman("validate", "--report-format", "json", path)
                report = json.loads(result.out)
                self.assertEqual(report["read"], report["valid"] + report["invalid"] + report["rejected"])


class Policy(Case):
    """What convert makes of records that validation finds fault with."""
    def convert(self, text, *args, status=0):
        self.write("in.jsonl", text)
        result = self.run_program("convert", "-t", "notice-jsonl", "-o", "out.jsonl", "--rejects", "rejects.jsonl", *args, "in.jsonl",
                                  status=status)
        out = self.folder / "out.jsonl"
        ids = [notice["notice"]["id"] for notice in harness.lines(out.read_bytes())] if out.exists() else None
        codes = [reject["code"] for reject in harness.lines((self.folder / "rejects.jsonl").read_bytes())]
        out.unlink(missing_ok=True)
        return ids, codes, result.err

    def test_without_rules_all_pass(self):
        self.assertEqual(self.convert(NOBODY % 1 + TALL % 2)[:2], (["1", "2"], []))

    def test_validate(self):
        ids, codes, err = self.convert(NOBODY % 1 + TALL % 2, "--validate", status=1)
        self.assertEqual((ids, codes), (["2"], ["record-invalid"]))
        self.assertIn("in.jsonl:1:1: error:", err)

    def test_strict(self):
        self.assertEqual(self.convert(TALL % 1 + SOUND % 2, "--validate", "--strict", status=1)[:2], (["2"], ["record-invalid"]))
        # A warning of reading counts without the rules, too.
        odd = (SOUND % 1).replace('"issuer"', '"published":"soon","issuer"')
        self.assertEqual(self.convert(odd + SOUND % 2)[:2], (["1", "2"], []))
        self.assertEqual(self.convert(odd + SOUND % 2, "--strict", status=1)[:2], (["2"], ["record-invalid"]))

    def test_keep(self):
        self.assertEqual(self.convert(NOBODY % 1 + BROKEN, "--validate", "--on-error", "keep", status=1)[0], ["1"])

    def test_stop(self):
        for args, rejected in ((("--on-error", "stop"), 1), (("--max-errors", "2"), 2)):
            ids, codes, err = self.convert(SOUND % 1 + BROKEN * 3 + SOUND % 2, *args, status=1)
            self.assertEqual((ids, len(codes)), (None, rejected))
            self.assertIn("[run-stopped]", err)

    def test_advice(self):
        self.write("advice.yaml", "person-not-identifiable: warning\n")
        self.assertEqual(self.convert(NOBODY % 1, "--advice", "advice.yaml")[:2], (["1"], []))

    def test_wrong_use(self):
        self.write("in.jsonl", SOUND % 1)
        for args in (("--on-error", "hope"), ("--max-errors", "0"), ("--advice", "missing.yaml")):
            self.run_program("convert", "-t", "notice-jsonl", *args, "in.jsonl", status=2)


class Explain(Case):
    def test_list_and_pages(self):
        pages = json.loads(self.run_program("explain", "--json").out)
        listed = self.run_program("explain", "--list").out.decode().splitlines()
        self.assertEqual([line.split()[0] for line in listed], [page["code"] for page in pages])
        self.assertEqual(len({page["code"] for page in pages}), len(pages))
        for page in pages:
            with self.subTest(code=page["code"]):
                shown = self.run_program("explain", page["code"]).out.decode()
                self.assertTrue(shown.startswith(f"{page['code']} ({page['severity']})\n"))
                self.assertNotIn("`", shown)
                self.assertTrue(page["text"].endswith("."))
                self.assertEqual(page["text"].count("`") % 2, 0)
                self.assertEqual("before" in page, "after" in page)

    def test_rules_of_notices_have_reasons(self):
        for page in json.loads(self.run_program("explain", "--json").out):
            if page["chapter"] == "Validation":
                self.assertTrue(page.get("why"), page["code"])

    def test_unknown(self):
        self.assertIn('no code "nonsense"', self.run_program("explain", "nonsense", "id-repeated", status=2).err)


harness.main()
