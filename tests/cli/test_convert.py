# SPDX-License-Identifier: Apache-2.0
"""dragoman convert from outside: exit statuses, what is published and what is not, streams, messages."""
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, Case, dragoman

UN = GOLDEN / "un-sc" / "sample.xml"
RED = GOLDEN / "interpol" / "red-details.json"
AMERIPOL = GOLDEN / "ameripol" / "personas.csv"
EXPECTED = (GOLDEN / "un-sc" / "expected" / "sample.xml.notices.jsonl").read_bytes()

# One notice that is complete, one that lacks what no notice can be without.
GOOD = '{"notice":{"id":"%s","type":"wanted","issuer":"NCB Example"},"subject":[{"kind":"person"}]}\n'
BAD = '{"notice":{"id":"%s","type":"wanted"},"subject":[{"kind":"person"}]}\n'


class DeclaredLoss(Case):
    """--max-loss declared: what the definitions foretell may go, what was not understood may not."""
    NOTICE = ('{"notice":{"id":"1","type":"sanction","issuer":"UNSC"},"subject":[{"kind":"person","height":"180",'
              '"name":[{"kind":"primary","full":"A"}]%s}]}\n')

    def test_declared(self):
        self.write("good.jsonl", self.NOTICE % "")
        self.write("bad.jsonl", self.NOTICE % ',"sex":null,"sex_original":"sometimes"')
        args = ("convert", "-t", "un-sc", "-o", "out.xml", "--max-loss")
        self.run_program(*args, "declared", "good.jsonl")
        self.run_program(*args, "none", "good.jsonl", status=6)
        result = self.run_program(*args, "declared", "bad.jsonl")
        self.assertNotIn("loss-limit", result.err)


class ExitStatus(Case):
    def test_done(self):
        result = self.run_program("convert", "-t", "notice-jsonl", UN)
        self.assertEqual(result.out, EXPECTED)

    def test_rejected(self):
        self.write("in.jsonl", GOOD % "1" + BAD % "2" + GOOD % "3")
        result = self.run_program("convert", "-t", "notice-jsonl", "-o", "out", "in.jsonl", status=1)
        self.assertIn("in.jsonl:2:1: error: it does not say who issued it (notice.issuer) [notice-incomplete]", result.err)
        self.assertIn("3 read = 2 written + 1 rejected", result.err)
        self.assertEqual([n["notice"]["id"] for n in harness.lines((self.folder / "out").read_bytes())], ["1", "3"])

    def test_no_records(self):
        self.write("in.json", "[]\n")
        result = self.run_program("convert", "-f", "interpol", "-t", "notice-jsonl", "in.json", status=1)
        self.assertIn("[no-records]", result.err)

    def test_usage(self):
        for args, words in [
                ([], "-t"), (["-t"], "needs a value"), (["-t", "un-sd", UN], 'did you mean "un-sc"?'),
                (["-f", "interpool", "-t", "un-sc", UN], 'did you mean "interpol"?'),
                (["-t", "un-sc", "--nonsense", UN], "--nonsense is not an option"),
                (["-t", "un-sc", "--max-loss", "-1", UN], "--max-loss is none, declared or a number"),
                (["-t", "un-sc", "--max-loss", "many", UN], "--max-loss is none, declared or a number"),
                (["-t", "un-sc", "--log-format", "xml", UN], "--log-format is text or json"),
                (["-t", "un-sc", "--from-encoding", "klingon", UN], "no charset"),
                (["-t", "un-sc", "--to-encoding", "klingon", UN], "no charset"),
                (["-t", "un-sc", "--from-option", "max-dpth=3", UN], "did you mean 'max-depth'?"),
                (["-t", "un-sc", "--from-option", "max-depth=deep", UN], "max-depth"),
                (["-t", "un-sc", "--to-option", "indnt=3", UN], "did you mean 'indent'?"),
                (["-t", "un-sc", "--to-option", "indent=wide", UN], "indent")]:
            with self.subTest(args=args):
                result = self.run_program("convert", *args, status=2)
                self.assertIn(words, result.err)
                self.assertEqual(result.out, b"")
        for args, words in [([], "usage"), (["convrt"], 'did you mean "convert"?'), (["nonsense"], "no command")]:
            with self.subTest(args=args):
                self.assertIn(words, self.run_program(*args, status=2).err)

    def test_input(self):
        self.write("nothing-known", "a\tb\nc\td\n")
        self.write("empty", "")
        os.mkdir(self.folder / "folder")
        for name, code in [("missing", "input-open"), ("nothing-known", "format-not-recognised"),
                           ("empty", "input-empty"), ("folder", "input-read")]:
            with self.subTest(name=name):
                result = self.run_program("convert", "-t", "notice-jsonl", "-o", "out", name, status=3)
                self.assertIn(f"[{code}]", result.err)
                self.assertNotIn("out", self.files())

    def test_empty_input_of_a_given_format(self):
        self.write("empty", "")
        for source in ("un-sc", "interpol", "ameripol", "notice-jsonl", "notice-json", "notice-xml", "notice-csv"):
            with self.subTest(source=source):
                result = self.run_program("convert", "-f", source, "-t", "notice-jsonl", "-o", "out", "empty", status=3)
                self.assertIn("[input-empty]", result.err)
                self.assertEqual(self.files(), ["empty"])

    def test_output(self):
        self.run_program("convert", "-t", "notice-jsonl", "-o", "/dev/full", UN, status=4)
        with open("/dev/full", "wb") as full:
            self.run_program("convert", "-t", "notice-jsonl", UN, status=4, stdout=full)

    def test_plugin(self):
        for path in (harness.SOURCE / "formats").glob("*.yaml"):
            self.write(path.name, path.read_bytes())
        self.write("broken.yaml", "format: broken\nengine: xml\nnonsense: 1\n")
        self.write("lonely.yaml", (harness.SOURCE / "formats" / "notice-jsonl.yaml").read_text()
                   .replace("notice-jsonl", "lonely").replace("engine: json", "engine: nobody"))
        result = self.run_program("convert", "-t", "broken", "--format-dir", ".", UN, status=5)
        self.assertIn("broken.yaml:3:1: error:", result.err)
        result = self.run_program("convert", "-t", "lonely", "--format-dir", ".", UN, status=5)
        self.assertIn("[plugin-missing]", result.err)
        self.assertIn("nobody", result.err)

    def test_loss(self):
        self.write("old", "as it was")
        result = self.run_program("convert", "-q", "-t", "interpol", "--max-loss", "3", "-o", "old", "--report", "report",
                                  UN, status=6)
        self.assertIn("[loss-limit]", result.err)
        self.assertEqual((self.folder / "old").read_bytes(), b"as it was")
        lost = json.loads((self.folder / "report").read_bytes())["counts"]["values_lost"]
        self.assertGreater(lost, 3)
        self.assertEqual(self.files(), ["old", "report"])
        self.run_program("convert", "-q", "-t", "interpol", "--max-loss", lost, "-o", "new", UN)
        self.run_program("convert", "-q", "-t", "interpol", "--max-loss", lost - 1, "-o", "newer", UN, status=6)
        self.assertEqual(self.files(), ["new", "old", "report"])
        self.run_program("convert", "-q", "-t", "un-sc", "--max-loss", "none", "-o", "same", UN)
        self.run_program("convert", "-q", "-t", "un-sc", "--max-loss", 0, "-o", "own", UN)


class Publication(Case):
    """A file appears under its name whole or not at all, and nothing else appears."""

    def check_untouched(self, *args, status, **more):
        self.write("old", "as it was")
        before = self.files()
        result = self.run_program("convert", "-t", "notice-jsonl", *args, status=status, **more)
        self.assertEqual((self.folder / "old").read_bytes(), b"as it was")
        self.assertEqual(self.files(), before)
        return result

    def test_replaced_whole(self):
        self.write("old", "as it was")
        os.chmod(self.folder / "old", 0o644)
        self.run_program("convert", "-q", "-t", "notice-jsonl", "-o", "old", UN)
        self.assertEqual((self.folder / "old").read_bytes(), EXPECTED)
        self.assertEqual((self.folder / "old").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.files(), ["old"])

    def test_broken_input(self):
        self.write("cut.xml", UN.read_bytes()[:9000])
        self.check_untouched("-o", "old", "cut.xml", status=3)

    def test_second_input_broken(self):
        self.write("cut.xml", UN.read_bytes()[:9000])
        self.check_untouched("-o", "old", RED, "cut.xml", status=3)
        self.check_untouched("-o", "old", RED, "missing", status=3)

    def test_no_clobber(self):
        result = self.check_untouched("--no-clobber", "-o", "old", UN, status=4)
        self.assertIn("[output-exists]", result.err)

    def test_places_that_cannot_be_written(self):
        os.mkdir(self.folder / "folder")
        for name in ("folder", "missing/out", "old/out", "folder/", "."):
            with self.subTest(name=name):
                self.check_untouched("-o", name, UN, status=4)
        self.assertEqual(self.files(self.folder / "folder"), [])

    def test_folder_without_permission(self):
        if os.geteuid() == 0:
            nobody = {"user": 65534, "group": 65534, "extra_groups": []}
        else:
            nobody = {}
        os.mkdir(self.folder / "locked", 0o555)
        self.write("in.xml", UN.read_bytes())
        os.chmod(self.folder / "in.xml", 0o644)
        result = self.check_untouched("-o", "locked/out", "in.xml", status=4, **nobody)
        self.assertIn("[output-open]", result.err)
        self.assertEqual(self.files(self.folder / "locked"), [])

    def test_no_room(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        result = self.check_untouched("-o", "old", UN, status=4, preexec_fn=limit)
        self.assertIn("[output-write]", result.err)

    def test_input_is_output(self):
        self.write("in.xml", UN.read_bytes())
        os.link(self.folder / "in.xml", self.folder / "link.xml")
        os.symlink("in.xml", self.folder / "symbolic.xml")
        for option in ("-o", "--rejects", "--report"):
            for name in ("in.xml", "./in.xml", "link.xml", "symbolic.xml"):
                with self.subTest(option=option, name=name):
                    result = self.check_untouched(option, name, RED, "in.xml", status=2)
                    self.assertIn("[output-is-input]", result.err)
                    self.assertEqual((self.folder / "in.xml").read_bytes(), UN.read_bytes())
        with open(self.folder / "in.xml", "rb") as stream:
            done = subprocess.run([harness.PROGRAM, "convert", "-t", "notice-jsonl", "-o", "in.xml"], stdin=stream,
                                  capture_output=True, cwd=self.folder, env=harness.environment(), check=False)
        self.assertEqual(done.returncode, 2)

    def test_outputs_that_are_one(self):
        for pair in (("-o", "new", "--rejects", "new"), ("-o", "new", "--report", "./new"), ("--rejects", "-"),
                     ("-o", "old", "--rejects", "n", "--report", "n"), ("-o", "old", "--report", "../" + self.folder.name + "/old"),
                     ("-o", "new", "--rejects", "-", "--report", "-")):
            with self.subTest(pair=pair):
                result = self.check_untouched(*pair, UN, status=2)
                self.assertIn("[output-twice]", result.err)
                self.assertEqual(result.out, b"")
        self.run_program("convert", "-q", "-t", "notice-jsonl", "-o", "/dev/null", "--rejects", "/dev/null",
                         "--report", "/dev/null", UN)

    def test_account_of_a_failure(self):
        """Rejects and report are there although the result is not."""
        self.write("in.jsonl", GOOD % "1" + BAD % "2" + "{\n")
        self.run_program("convert", "-t", "notice-jsonl", "-o", "out", "--rejects", "rejects", "--report", "report",
                         "in.jsonl", "missing", status=3)
        self.assertEqual(self.files(), ["in.jsonl", "rejects", "report"])
        self.assertEqual(len(harness.lines((self.folder / "rejects").read_bytes())), 2)
        self.assertEqual(json.loads((self.folder / "report").read_bytes())["counts"]["rejected"], 2)

    def test_keep_partial(self):
        cut = UN.read_bytes()
        cut = cut[:cut.index(b"<DATAID>6900005")]
        self.write("cut.xml", cut)
        result = self.run_program("convert", "--keep-partial", "-t", "notice-jsonl", "-o", "out", "cut.xml", RED, status=3)
        notices = harness.lines((self.folder / "out").read_bytes())
        self.assertEqual(notices[:4], harness.lines(EXPECTED)[:4])
        self.assertEqual(len(notices), 4 + 8)
        self.assertIn("= 12 written", result.err)
        for target in ("notice-json", "notice-xml", "notice-csv", "un-sc"):
            with self.subTest(target=target):
                self.run_program("convert", "-q", "--keep-partial", "-t", target, "-o", "out", "cut.xml", status=3)
                self.assertEqual(len(self.run_program("convert", "-q", "-t", "notice-jsonl", "out").notices()), 4)


class Streams(Case):
    def test_standard_input_and_output(self):
        for args in ([], ["-"], ["-o", "-"], ["-o", "-", "-"]):
            with self.subTest(args=args):
                result = self.run_program("convert", "-q", "-t", "notice-jsonl", *args, stdin=UN.read_bytes())
                self.assertEqual(result.out, EXPECTED)
                self.assertEqual(result.err, "")

    def test_several_formats_in_one_run(self):
        result = self.run_program("convert", "-q", "-t", "notice-jsonl", UN, RED, AMERIPOL)
        ids = [notice["notice"]["id"] for notice in result.notices()]
        self.assertEqual([len(ids), ids[0], ids[16], ids[24]], [39, "6900001", "1993/900274", "AM-2024-0001"])
        mixed = self.run_program("convert", "-q", "-t", "notice-jsonl", AMERIPOL, "-", stdin=UN.read_bytes())
        self.assertEqual(len(mixed.notices()), 31)

    def test_same_file_twice(self):
        result = self.run_program("convert", "-t", "notice-jsonl", "--log-format", "json", RED, RED)
        self.assertEqual(len(result.notices()), 16)
        self.assertEqual(result.codes().count("id-repeated"), 8)

    def test_closed_output(self):
        for args in (["convert", "-t", "notice-jsonl", UN], ["detect", UN], ["formats"], ["schema"], ["plugins"],
                     ["loss", "un-sc", "interpol"], ["--help"], ["convert", "--help"]):
            with self.subTest(args=args):
                command = ["bash", "-c", '"$@" >&-', "bash", harness.PROGRAM, *map(str, args)]
                done = subprocess.run(command, capture_output=True, timeout=20, env=harness.environment(), check=False)
                self.assertEqual(done.returncode, 4, done.stderr)
                self.assertIn(b"output-", done.stderr)

    def test_reader_that_goes_away(self):
        """Also with far more output than a pipe holds."""
        self.write("many.jsonl", "".join(GOOD % number for number in range(20000)))
        command = f'"{harness.PROGRAM}" convert -t notice-jsonl many.jsonl | head -1; exit "${{PIPESTATUS[0]}}"'
        done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=20, cwd=self.folder,
                              env=harness.environment(), check=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertEqual(self.files(), ["many.jsonl"])

    def test_device(self):
        self.run_program("convert", "-q", "-t", "notice-jsonl", "-o", "/dev/null", UN)
        self.assertTrue(os.path.exists("/dev/null"))


class Messages(Case):
    def test_quiet(self):
        self.assertEqual(self.run_program("convert", "-q", "-t", "notice-jsonl", "-o", "out", UN).err, "")

    def test_verbose(self):
        result = self.run_program("convert", "-v", "-t", "notice-jsonl", "-o", "out", UN)
        self.assertIn("is un-sc", result.err)

    def test_summary(self):
        result = self.run_program("convert", "-t", "notice-jsonl", "-o", "out", UN)
        self.assertIn("16 read = 16 written + 0 rejected; 0 values lost in 0 fields", result.err)

    def test_json(self):
        self.write("in.jsonl", GOOD % "1" + BAD % "2" + "{\n" + GOOD % "1")
        result = self.run_program("convert", "--log-format", "json", "-t", "notice-jsonl", "-o", "out", "in.jsonl", status=1)
        messages = result.messages()
        self.assertEqual([message["code"] for message in messages],
                         ["notice-incomplete", "json-syntax", "id-repeated", "summary"])
        self.assertEqual([(m["severity"], m["file"], m["record"], m["line"], m["column"]) for m in messages[:3]],
                         [("error", "in.jsonl", 2, 2, 1), ("error", "in.jsonl", 3, 4, 1), ("warning", "in.jsonl", 4, 4, 1)])

    def test_flood(self):
        """The same complaint ten times, then a count; everything with -v and in JSON."""
        self.write("in.jsonl", "".join(BAD % number for number in range(300)) + GOOD % "x")
        result = self.run_program("convert", "-t", "notice-jsonl", "-o", "out", "in.jsonl", status=1)
        self.assertEqual(result.err.count("in.jsonl:"), 10)
        self.assertIn("290 more like this [notice-incomplete]; -v shows them", result.err)
        self.assertEqual(self.run_program("convert", "-v", "-t", "notice-jsonl", "-o", "out", "in.jsonl", status=1)
                         .err.count("[notice-incomplete]"), 300)
        result = self.run_program("convert", "--log-format", "json", "-t", "notice-jsonl", "-o", "out", "in.jsonl", status=1)
        self.assertEqual(result.codes().count("notice-incomplete"), 300)

    def test_values_of_people_stay_out(self):
        """A canary in every place of every sample that draws a message; it is shown only on demand."""
        canary = "Zanzibarowski"
        cases = [
            (UN, b"<VALUE>Possibly Ethiopian", f"<VALUE>{canary}".encode()),
            (UN, b"<DATE_OF_ISSUE>5 May 2009", f"<DATE_OF_ISSUE>{canary}".encode()),
            (UN, b"<GENDER>Male", f"<GENDER>{canary}".encode()),
            (RED, b'"ZZZ"', f'"{canary}"'.encode()),
            (RED, b'"SU"', f'"{canary}"'.encode()),
            (RED, b'"height": 1.65', f'"height": "{canary}"'.encode()),
            (AMERIPOL, b";VENEZOLANA;", f";{canary};".encode()),
            (AMERIPOL, b";30/04/1979;", f";{canary};".encode()),
            (GOLDEN / "notice-jsonl" / "samples.jsonl", b'"date":"1958"', f'"date":"{canary}"'.encode()),
        ]
        for path, old, new in cases:
            with self.subTest(path=path.name, old=old):
                self.assertIn(old, path.read_bytes())
                name = self.write("in", path.read_bytes().replace(old, new, 1)).name
                result = self.run_program("convert", "-v", "-t", "notice-jsonl", "-o", "out", name)
                log = self.run_program("convert", "--log-format", "json", "-t", "notice-jsonl", "-o", "out", name)
                self.assertIn("warning", result.err)
                self.assertNotIn(canary, result.err)
                self.assertNotIn(canary, log.err)
                shown = self.run_program("convert", "--show-values", "-v", "-t", "notice-jsonl", "-o", "out", name)
                self.assertIn(canary, shown.err)
                shown = self.run_program("convert", "--show-values", "--log-format", "json", "-t", "notice-jsonl", "-o",
                                         "out", name)
                self.assertIn(canary, shown.err)
                self.assertIn(canary.encode(), (self.folder / "out").read_bytes())

    def test_report_has_no_values(self):
        self.run_program("convert", "-q", "-t", "ameripol", "--report", "report", "-o", "out", UN, status=1)
        report = (self.folder / "report").read_text()
        for value in ("TESTAN", "Khayaliyah", "ZZIN00437", "Milan"):
            self.assertIn(value, UN.read_text())
            self.assertNotIn(value, report)

    def test_terminal_stays_whole(self):
        """Names and values with control characters reach no terminal as they are."""
        name = "a\x1b[31m\nb"
        self.write(name, "x")
        result = self.run_program("convert", "-t", "notice-jsonl", name, status=3)
        self.assertIn("a\\x1b[31m\\x0ab: error:", result.err)
        self.assertNotIn("\x1b", result.err)


class SameBytes(Case):
    def test_locale_zone_and_mask(self):
        wanted = {}
        for env in ({"LANG": "C"}, {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, {"TZ": "Pacific/Kiritimati"},
                    {"TZ": "America/New_York", "LC_ALL": "C.UTF-8"}):
            for mask in (0o022, 0o077, 0):
                for path, target in ((UN, "notice-jsonl"), (UN, "interpol"), (UN, "ameripol"), (AMERIPOL, "un-sc")):
                    result = self.run_program("convert", "-q", "-t", target, "-o", "out", path, env=env,
                                              status=int((path, target) == (UN, "ameripol")),
                                              preexec_fn=lambda m=mask: os.umask(m))
                    self.assertEqual("error" in result.err, result.status == 1)  # AMERIPOL has no organisations
                    data = (self.folder / "out").read_bytes()
                    self.assertEqual(data, wanted.setdefault((path, target), data), (env, mask))
                    self.assertEqual((self.folder / "out").stat().st_mode & 0o777, 0o600)

    def test_name_of_the_file(self):
        """What a file is called changes nothing."""
        for path in (UN, RED, AMERIPOL):
            wanted = self.run_program("convert", "-q", "-t", "notice-jsonl", path).out
            for name in ("x.csv", "x.xml", "x.json", "x", "x.un-sc"):
                self.write(name, path.read_bytes())
                self.assertEqual(self.run_program("convert", "-q", "-t", "notice-jsonl", name).out, wanted)


class Provenance(Case):
    def test_every_form(self):
        self.write("in.xml", UN.read_bytes())
        forms = {}
        for target in ("notice-jsonl", "notice-json", "notice-xml", "notice-csv"):
            self.run_program("convert", "-q", "--provenance", "-t", target, "-o", target, "in.xml")
            forms[target] = self.run_program("convert", "-q", "-t", "notice-jsonl", target).notices()
            self.assertEqual(forms[target], forms["notice-jsonl"])
        source = UN.read_bytes().splitlines()
        for number, notice in enumerate(forms["notice-jsonl"], 1):
            where = notice["provenance"]
            self.assertEqual((where["format"], where["file"], where["record"]), ("un-sc", "in.xml", str(number)))
            line = source[int(where["line"]) - 1]
            self.assertRegex(line[int(where["column"]) - 1:], b"^<(INDIVIDUAL|ENTITY)")
            self.assertRegex(UN.read_bytes()[int(where["offset"]):], b"^<(INDIVIDUAL|ENTITY)")

    def test_only_on_request_and_the_first_counts(self):
        self.assertNotIn(b"provenance", self.run_program("convert", "-q", "-t", "notice-jsonl", UN).out)
        first = self.run_program("convert", "-q", "--provenance", "-t", "notice-jsonl", UN).out
        self.write("first.jsonl", first)
        again = self.run_program("convert", "-q", "--provenance", "-t", "notice-jsonl", "first.jsonl").out
        self.assertEqual(again, first)
        self.run_program("convert", "-q", "--max-loss", "0", "-t", "un-sc", "-o", "back.xml", "first.jsonl")


class Options(Case):
    def test_reader_and_writer(self):
        wide = self.run_program("convert", "-q", "-t", "notice-json", "--to-option", "indent=0", UN)
        self.assertEqual(json.loads(wide.out), harness.lines(EXPECTED))
        self.assertLess(len(wide.out), len(self.run_program("convert", "-q", "-t", "notice-json", UN).out))
        tabbed = self.run_program("convert", "-q", "-t", "notice-csv", "--to-option", "delimiter=tab", UN)
        self.assertIn(b"notice.id\tnotice.type\t", tabbed.out)
        self.write("tabbed", tabbed.out)
        back = self.run_program("convert", "-q", "-f", "notice-csv", "--from-option", "delimiter=tab", "-t", "notice-jsonl",
                                "tabbed")
        self.assertEqual(back.out, EXPECTED)

    def test_encodings(self):
        utf16 = self.run_program("convert", "-q", "-t", "un-sc", "--to-encoding", "utf-16", UN).out
        self.assertEqual(utf16[:2], b"\xff\xfe")
        self.write("utf16.xml", utf16)
        self.assertEqual(self.run_program("convert", "-q", "-t", "notice-jsonl", "utf16.xml").out, EXPECTED)
        text = AMERIPOL.read_bytes().decode("cp1252")
        wanted = self.run_program("convert", "-q", "-t", "notice-jsonl", AMERIPOL).out
        for name, options in (("utf-8", []), ("utf-8-sig", []), ("utf-16", []), ("utf-16-le", ["--from-encoding", "utf-16le"]),
                              ("cp1252", ["--from-encoding", "windows-1252"])):
            with self.subTest(name=name):
                self.write("in.csv", text.encode(name))
                self.assertEqual(self.run_program("convert", "-q", "-f", "ameripol", *options, "-t", "notice-jsonl",
                                                  "in.csv").out, wanted)


harness.main()
