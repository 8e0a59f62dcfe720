# SPDX-License-Identifier: Apache-2.0
"""detect, formats, plugins, --version and help; and where definitions and plugins are looked for."""
import csv
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, SOURCE, Case

FORMATS = sorted(path.stem for path in (SOURCE / "formats").glob("*.yaml"))
EXAMPLE = """\
format: example
title: An example
organisation: Example
status: modelled
engine: csv
detect: {columns: [Number, Name]}
records:
  - at: ""
    set: {notice.type: wanted, notice.issuer: Example}
    only: {subject.kind: person}
    map:
      Number: notice.id
      Name: "subject.name(primary).full"
"""


WORDS = {"constant", "one", "many", "aside"}


def schema_fields(case):
    return [entry["path"] for entry in json.loads(case.run_program("schema", "--json").out)]


def samples():
    for name in FORMATS:
        for path in sorted((GOLDEN / name).glob("*.*")):
            if path.suffix != ".md":
                yield name, path


class Detect(Case):
    def detect(self, path, status=0, **more):
        return json.loads(self.run_program("detect", "--json", path, status=status, **more).out)

    def test_samples(self):
        for name, path in samples():
            with self.subTest(path=path):
                answer = self.detect(path)
                self.assertEqual(answer["format"], name)
                first = answer["candidates"][0]
                self.assertEqual(first["format"], name)
                self.assertTrue(first["evidence"])
                self.assertTrue(self.run_program("detect", path).out.decode().startswith(f"{path}: {name}\n"))

    def test_name_changes_nothing(self):
        for name, path in samples():
            for new in ("x.xml", "x.csv", "x.json", "interpol", ".x"):
                self.write(new, path.read_bytes())
                self.assertEqual(self.detect(new)["format"], name)

    def test_standard_input(self):
        for name, path in samples():
            self.assertEqual(self.detect("-", stdin=path.read_bytes())["format"], name)

    def test_nothing(self):
        for data in (b"", b"\n", b"hello", b"a,b,c\n1,2,3\n", b"<x/>", b"{}", b"[]", b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n",
                     b"PK\x03\x04", b"[" * 5000):
            with self.subTest(data=data[:20]):
                self.write("in", data)
                answer = self.detect("in", status=3)
                self.assertEqual((answer.get("format"), answer["candidates"]), (None, []))
                self.assertIn(b"in: unknown\n", self.run_program("detect", "in", status=3).out)

    def test_tie(self):
        """Two definitions with the same signature: neither is guessed, both are named."""
        for name in ("example", "twin"):
            self.write(f"{name}.yaml", EXAMPLE.replace("format: example", f"format: {name}"))
        self.write("in.csv", "Number,Name\n1,A\n")
        answer = self.detect("in.csv", status=3, env={"DRAGOMAN_FORMAT_PATH": str(self.folder)})
        self.assertNotIn("format", answer)
        self.assertEqual({candidate["format"] for candidate in answer["candidates"]}, {"example", "twin"})
        result = self.run_program("convert", "-t", "notice-jsonl", "--format-dir", ".", "-o", "out", "in.csv", status=3)
        self.assertIn("[format-ambiguous]", result.err)
        self.assertEqual(result.err.count("[format-candidate]"), 2)
        self.assertNotIn("out", self.files())
        self.run_program("convert", "-f", "twin", "-t", "notice-jsonl", "--format-dir", ".", "-o", "out", "in.csv")

    def test_several(self):
        paths = [path for _, path in samples()]
        lines = harness.lines(self.run_program("detect", "--json", *paths).out)
        self.assertEqual([line["file"] for line in lines], [str(path) for path in paths])
        self.assertEqual([line["format"] for line in lines], [name for name, _ in samples()])
        self.write("unknown", "hello")
        self.assertEqual(len(harness.lines(self.run_program("detect", "--json", "unknown", *paths, status=3).out)),
                         len(paths) + 1)
        self.assertIn("[input-open]", self.run_program("detect", "missing", paths[0], status=3).err)


class Formats(Case):
    def test_list(self):
        lines = self.run_program("formats").out.decode().splitlines()
        self.assertEqual([line.split()[0] for line in lines], FORMATS)
        entries = json.loads(self.run_program("formats", "--json").out)
        self.assertEqual([entry["format"] for entry in entries], FORMATS)
        for entry in entries:
            self.assertIn(entry["status"], ("published", "modelled", "reference"))
            self.assertTrue(os.path.isfile(entry["file"]))
            for name in ("title", "organisation", "engine", "encoding", "evidence"):
                self.assertTrue(entry[name])
            self.assertTrue(entry["readable"] and entry["writable"])
            words = list(entry["fields"].values())
            self.assertLessEqual(set(words), WORDS)
            self.assertEqual(entry["fields_read"], len(words) - words.count("aside"))
            self.assertEqual(entry["fields_written"], len(words))
            if entry["canonical"]:
                self.assertEqual(set(words), {"many"})
                self.assertEqual(len(words), len(schema_fields(self)))
            else:
                self.assertTrue(entry["languages"])
                self.assertTrue(entry["invented"] or entry["status"] != "modelled")

    def test_one(self):
        for name in FORMATS:
            entry = json.loads(self.run_program("formats", "--json", name).out)
            self.assertEqual(entry["format"], name)
            self.assertIn("notice.id", entry["fields"])
            text = self.run_program("formats", name).out.decode()
            self.assertTrue(text.startswith(f"{name}: {entry['title']}\n"))
            self.assertEqual("This is not the organisation's own format." in text, entry["status"] != "published")
            for line in [*entry["evidence"], *entry["invented"], *entry["languages"], entry["encoding"]]:
                self.assertIn(line, text)
            for encoding in entry["accepts"]:
                self.assertIn(f"{encoding} is read too", text)
            for path, word in entry["fields"].items():
                self.assertRegex(text, rf"(?m)^  {path} +{word}$")
        two = self.run_program("formats", "--json", "un-sc", "interpol").notices()
        self.assertEqual([entry["format"] for entry in two], ["un-sc", "interpol"])
        self.run_program("formats", "un-sc", "un-cs", status=2)
        self.assertIn('did you mean "un-sc"?', self.run_program("formats", "un-cs", status=2).err)

    def test_words(self):
        """What the words say, on a definition of which they are known."""
        self.write("example.yaml", EXAMPLE.replace("full\"", "full\"\n      Weight: {to: subject.weight, or: [subject.height]}\n"
                                                   "      Eyes: {to: subject.eye_colour, split: \",\", or: [subject.weight]}"))
        entry = json.loads(self.run_program("formats", "--json", "--format-dir", ".", "example").out)
        self.assertEqual(entry["fields"], {
            "notice.id": "one", "notice.type": "constant", "notice.issuer": "constant", "subject.kind": "constant",
            "subject.height": "aside", "subject.weight": "one", "subject.eye_colour": "many",
            "subject.name.kind": "constant", "subject.name.full": "one"})
        self.assertEqual((entry["fields_read"], entry["fields_written"]), (8, 9))
        self.assertEqual((entry["accepts"], entry["invented"], entry["languages"], entry["options"]), ([], [], [], {}))

    def test_unusable_plugin(self):
        self.write("example.yaml", EXAMPLE.replace("engine: csv", "engine: nothing"))
        result = self.run_program("formats", "--json", "--format-dir", ".", "example", status=5)
        entry = json.loads(result.out)
        self.assertEqual((entry["readable"], entry["writable"], entry["fields_read"], entry["fields_written"]),
                         (False, False, 0, 0))
        self.assertIn("[plugin-missing]", result.err)

    def test_matrix(self):
        """Its three forms say what --json says of each format."""
        entries = [entry for entry in json.loads(self.run_program("formats", "--json").out) if not entry["canonical"]]
        names = [entry["format"] for entry in entries]
        fields = schema_fields(self)
        matrix = json.loads(self.run_program("formats", "--matrix", "--json").out)
        self.assertEqual(matrix["formats"], names)
        self.assertEqual([line["field"] for line in matrix["fields"]], fields)
        rows = list(csv.DictReader(self.run_program("formats", "--matrix", "--csv").out.decode().splitlines()))
        self.assertEqual([row["field"] for row in rows], fields)
        for line, row in zip(matrix["fields"], rows, strict=True):
            held = {entry["format"]: entry["fields"][line["field"]] for entry in entries if line["field"] in entry["fields"]}
            self.assertEqual(line["held"], held)
            self.assertEqual({name: row[name] for name in names}, {name: held.get(name, "") for name in names})
        text = self.run_program("formats", "--matrix").out.decode().splitlines()
        self.assertLessEqual(max(map(len, text)), max(80, 40 + 2 * len(names)))
        self.assertEqual([line.split()[-1] for line in text[:len(names)]], names)
        signs = {"many": "*", "one": "1", "constant": "=", "aside": "~", "": "."}
        wanted = [[row["field"], *(signs[row[name]] for name in names)] for row in rows if any(row[name] for name in names)]
        shown = [line.split() for line in text[len(names) + 1:len(names) + 1 + len(wanted)]]
        self.assertEqual(shown, wanted)
        self.assertEqual(text[-1], f"{len(fields) - len(wanted)} more fields are held by none")
        some = json.loads(self.run_program("formats", "--matrix", "--json", "notice-xml", "un-sc").out)
        self.assertEqual(some["formats"], ["notice-xml", "un-sc"])
        self.run_program("formats", "--csv", status=2)
        self.run_program("formats", "--matrix", "nothing", status=2)

    def test_check(self):
        for name in FORMATS:
            self.run_program("formats", "--check", SOURCE / "formats" / f"{name}.yaml")
        self.write("example.yaml", EXAMPLE)
        self.run_program("formats", "--check", "example.yaml")
        for old, new, place, word in [
                ("engine: csv", "engin: csv", "5:1", 'did you mean "engine"?'),
                ("Number: notice.id", "Number: notice.di", "12:15", "notice.di"),
                ("notice.type: wanted", "notice.type: wnated", "9:", "wnated"),
                ("status: modelled", "status: invented", "4:9", "published, modelled or reference"),
                ("Name: \"subject", "Name: [\"subject", "", ""), ("    map:", "\tmap:", "11:", "")]:
            with self.subTest(new=new):
                self.assertIn(old, EXAMPLE)
                self.write("example.yaml", EXAMPLE.replace(old, new))
                result = self.run_program("formats", "--check", "example.yaml", status=5)
                self.assertRegex(result.err, r"^example\.yaml:\d+:\d+: error: ")
                self.assertIn(f"example.yaml:{place}", result.err)
                self.assertIn(word, result.err)
        self.run_program("formats", "--check", "missing.yaml", status=(3, 5))

    def test_broken_definition_costs_itself_only(self):
        self.write("broken.yaml", "format: broken\nnonsense: [\n")
        self.assertEqual(self.run_program("convert", "-q", "--format-dir", ".", "-t", "notice-jsonl",
                                          GOLDEN / "un-sc" / "sample.xml").out,
                         (GOLDEN / "un-sc" / "expected" / "sample.xml.notices.jsonl").read_bytes())
        self.run_program("formats", "--format-dir", ".", "broken", status=5)


class Plugins(Case):
    def test_list(self):
        lines = self.run_program("plugins").out.decode().splitlines()
        self.assertLessEqual({"csv", "json", "xml"}, {line.split()[0] for line in lines})

    def test_one(self):
        for name in ("csv", "json", "xml"):
            text = self.run_program("plugins", name).out.decode()
            self.assertTrue(text.startswith(f"{name} "))
            self.assertIn("reads and writes", text)
            self.assertIn("options:", text)
        result = self.run_program("plugins", "nonsense", status=5)
        self.assertIn("[plugin-missing]", result.err)
        self.assertIn("--plugin-dir", result.err)

    def test_broken_file(self):
        os.mkdir(self.folder / "plugins", 0o755)
        for name, data in [("text.so", "no library"), ("Wrong Name.so", "x")]:
            self.write(f"plugins/{name}", data)
        os.chmod(self.folder / "plugins" / "text.so", 0o644)
        self.assertIn("[plugin-not-loadable]", self.run_program("plugins", "--plugin-dir", "plugins", "text", status=5).err)
        self.run_program("plugins", "--plugin-dir", "plugins")
        os.chmod(self.folder / "plugins" / "text.so", 0o666)
        self.assertIn("[plugin-permissions]", self.run_program("plugins", "--plugin-dir", "plugins", "text", status=5).err)


class SearchPath(Case):
    """--format-dir before $DRAGOMAN_FORMAT_PATH before the user's folder before the system's; never the working one."""

    def definition(self, folder, title):
        os.makedirs(self.folder / folder, 0o755, exist_ok=True)
        path = self.write(f"{folder}/example.yaml", EXAMPLE.replace("An example", title))
        os.chmod(path, 0o644)

    def title(self, *args, env=None):
        return json.loads(self.run_program("formats", "--json", *args, "example", env=env).out)["title"]

    def test_order(self):
        for folder in ("first", "second", "given"):
            self.definition(folder, folder)
        path = {"DRAGOMAN_FORMAT_PATH": f"{self.folder}/first:{self.folder}/second"}
        self.assertEqual(self.title(env=path), "first")
        self.assertEqual(self.title("--format-dir", "given", env=path), "given")
        self.assertEqual(self.title("--format-dir", "second", "--format-dir", "given", env=path), "second")

    def test_not_the_working_folder(self):
        self.definition(".", "here")
        self.run_program("formats", "example", status=2)
        for path in (":", "", f":{self.folder}/missing:"):
            with self.subTest(path=path):
                self.run_program("formats", "example", status=(2, 5), env={"DRAGOMAN_FORMAT_PATH": path})


class Words(Case):
    def test_version_and_help(self):
        self.assertRegex(self.run_program("--version").out, rb"^dragoman \d+\.\d+\.\d+, plugin interface 1\.\d+\n$")
        for args in (["--help"], ["-h"], ["help"]):
            self.assertIn(b"commands:", self.run_program(*args).out)
        for command in ("convert", "detect", "explain", "formats", "inspect", "loss", "plugins", "schema",
                "validate"):
            text = self.run_program(command, "--help").out
            self.assertTrue(text.startswith(f"usage: dragoman {command}".encode()))
            self.assertEqual(self.run_program("help", command).out, text)
            result = self.run_program(command, "--nonsense", status=2)
            self.assertIn("--nonsense is not an option", result.err)


harness.main()
