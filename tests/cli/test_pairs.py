# SPDX-License-Identifier: Apache-2.0
"""Every format in every other: what arrives, what is said of the rest, and what is written.

The formats are those that the program lists, but for the canonical ones.
"""
import csv
import io
import json
import re
import subprocess
import sys
import tempfile
import unittest
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import conserve
import harness
from harness import DATA, GOLDEN, dragoman

WORKERS = 2
LOSSES = {"dropped", "list_cut", "recoded", "precision", "truncated", "characters"}
# Why a sound record may be refused: no shape of the target is for such subjects; and what follows if that holds for all.
REFUSALS = {"target-no-shape", "nothing-converted"}
# What reading may say of what was written: the notices lacked what the target demands, as writing has said.
READ_AGAIN = {"id-repeated", "source-required"}
# Formats whose file is one record: what comes behind the first becomes part of it and is one notice when read again.
ONE_RECORD = {"unodc"}
# Schemas that organisations have published for what they read.
SCHEMAS = {"un-sc": "un/sc-sanctions.xsd", "unodc": "goaml/goAMLSchema-5.0.2-strict.xsd"}

# written: the bytes, None where no record was taken; rejected: how many records; lost: fields of the report, without what was not understood.
Outcome = namedtuple("Outcome", "source sample target written rejected lost problems report", defaults=[None])


def formats():
    return [entry for entry in json.loads(dragoman("formats", "--json").out) if not entry["canonical"]]


def samples(name):
    return sorted(path for path in (GOLDEN / name).iterdir() if path.is_file() and path.suffix != ".md")


def canonical(source, sample):
    done = dragoman("convert", "-q", "-f", source, "-t", "notice-jsonl", sample)
    return done.notices()


def complaints(result, severities, known):
    return [f"{message['code']}: {message.get('field', '')}: {message['text']}" for message in result.messages()
            if message["severity"] in severities and message["code"] not in known]


def hop(source, sample, before, target):
    """One sample into one format, and what was written read again."""
    problems = []
    with tempfile.TemporaryDirectory(prefix="dragoman-pairs-") as name:
        folder = Path(name)
        done = dragoman("convert", "--log-format", "json", "-v", "--allow-handling-loss", "-f", source, "-t", target,
                        "-o", "out", "--report", "report", "--rejects", "rejects", sample, cwd=folder)
        if done.status not in (0, 1):
            return Outcome(source, sample, target, None, 0, set(), [str(done)])
        rejects = harness.lines((folder / "rejects").read_bytes())
        report = json.loads((folder / "report").read_bytes())
        out = folder / "out"
        written = out.read_bytes() if out.exists() else None
        problems += [f"rejected as {reject['code']}: {reject['reason']}" for reject in rejects
                     if reject["code"] not in REFUSALS]
        problems += complaints(done, ("error",), REFUSALS)
        rejected = {reject["record"] for reject in rejects}
        if done.status != bool(rejects) or report["counts"]["rejected"] != len(rejected):
            problems.append(f"exit {done.status} with {len(rejected)} rejects, {report['counts']['rejected']} in the report")
        after = []
        if (written is None) != (len(rejected) == len(before)):
            problems.append(f"{len(rejected)} of {len(before)} rejected, output published: {written is not None}")
        if written is not None:
            # By content alone: what is written in a format is recognised as of it.
            again = dragoman("convert", "--log-format", "json", "--provenance", "-t", "notice-jsonl", "out", cwd=folder)
            if again.status != 0 or complaints(again, ("error",), ()):
                problems.append(f"what was written is not read: {again}")
                return Outcome(source, sample, target, written, len(rejected), set(), problems)
            after = again.notices()
            # What a writer makes of another format's values its reader must understand.
            if source not in (target, "notice-jsonl"):
                problems += complaints(again, ("warning",), READ_AGAIN)
            problems += [f"read again as {notice['provenance']['format']}" for notice in after
                         if notice["provenance"]["format"] != target][:1]
        if target in ONE_RECORD and len(before) - len(rejected) > 1:
            problems += [f"{len(before)} records, {len(after)} arrived in a file of one"] if len(after) != 1 else []
            return Outcome(source, sample, target, written, len(rejected), set(), problems)
        if len(after) + len(rejected) != len(before):
            problems.append(f"{len(before)} records, {len(rejected)} rejected, {len(after)} arrived")
        else:
            problems += conserve.problems(before, conserve.paired(before, rejected, after), report)
        lost = {conserve.bare(loss["field"]) for record in report["records"] for loss in record["losses"]
                if loss["kind"] in LOSSES and not loss["field"].startswith("unmapped(")
                and not conserve.is_unparsed(before[record["record"] - 1], loss["field"])}
        return Outcome(source, sample, target, written, len(rejected), lost, problems, report)


# --- the bytes of a format, judged without any of the program's code ---


def rows_of(text, delimiter, quote, end):
    """Cells with their quotes; a row that the dialect does not allow is None."""
    at = 0
    while at < len(text):
        row = []
        while True:
            if quote and text.startswith(quote, at):
                stop = at + 1
                while True:
                    stop = text.find(quote, stop)
                    if stop < 0:
                        yield None
                        return
                    if not text.startswith(quote, stop + 1):
                        break
                    stop += 2
                stop += 1
            else:
                stop = at
                while stop < len(text) and text[stop] not in (delimiter, "\r", "\n"):
                    stop += 1
            row.append(text[at:stop])
            at = stop
            if text.startswith(delimiter, at):
                at += 1
                continue
            break
        if not text.startswith(end, at):
            yield None
            return
        at += len(end)
        yield row


def check_table(entry, defaults, data):
    """Encoding, mark, delimiter, quoting and line ends as the definition has them."""
    options = {**defaults, **entry["options"]}
    delimiter = {"tab": "\t"}.get(options["delimiter"], options["delimiter"])
    quote = {"none": ""}.get(options["quote"], options["quote"])
    end = {"lf": "\n", "crlf": "\r\n"}[options["eol"]]
    mark = "\ufeff".encode(entry["encoding"]) if entry["bom"] else b""
    if mark and not data.startswith(mark):
        return ["no byte-order mark"]
    text = data[len(mark):].decode(entry["encoding"])
    if text.startswith("\ufeff"):
        return ["a byte-order mark"]
    problems, width = [], 0
    for number, row in enumerate(rows_of(text, delimiter, quote, end), 1):
        if row is None:
            problems.append(f"row {number} is not of the dialect")
            break
        width = width or len(row)
        if len(row) != width:
            problems.append(f"row {number} has {len(row)} cells, the first {width}")
        for cell in row:
            inner = cell[1:-1].replace(quote * 2, quote) if quote and cell.startswith(quote) else cell
            needs = inner != inner.strip(" \t") or any(sign and sign in inner for sign in (delimiter, quote, "\r", "\n"))
            quoted = inner != cell
            if quoted != (needs or (bool(quote) and options["quoting"] == "all")) and not (quoted and inner == ""):
                problems.append(f"row {number}: a cell is {'' if quoted else 'not '}quoted")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote or None,
                           quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE, strict=True))
    if {len(row) for row in rows} != {width}:
        problems.append("read by Python the rows have other lengths")
    return problems


def check_document(entry, data):
    declared = re.match(rb'<\?xml version="1.0" encoding="([^"]+)"', data)
    if declared and declared.group(1).decode().lower() != entry["encoding"]:
        return [f"declared as {declared.group(1)}"]
    lint = subprocess.run(["xmllint", "--noout", "--nonet", "-"], input=data, capture_output=True, check=False)
    return [lint.stderr.decode()[:400]] if lint.returncode else []


def check_objects(entry, data):
    text = data.decode(entry["encoding"])
    if entry["options"].get("layout", "lines") == "lines":
        for line in text.splitlines():
            json.loads(line)
    else:
        json.loads(text)
    return []


def options_of(engine):
    """The defaults of a plugin's options."""
    shown = dragoman("plugins", engine).out.decode()
    return {name: {"true": "yes", "false": "no"}.get(value, value)
            for name, value in re.findall(r"^  ([a-z-]+)=.*  \[(.*)\]$", shown, re.M)}


def complete_un(root):
    """What only the UN can say: numbers of its own, the day of listing, and a list of both persons and entities."""
    for record in [*root.iter("INDIVIDUAL"), *root.iter("ENTITY")]:
        for name in ("DATAID", "VERSIONNUM"):
            if not re.fullmatch(r"\d+", record.findtext(name)):
                record.find(name).text = "1"
        if record.find("LISTED_ON") is None:
            listed = etree.Element("LISTED_ON")
            listed.text = "1970-01-01"
            record.find("REFERENCE_NUMBER").addnext(listed)
    # A place of birth with a street stands in the published list too.
    return r"Element '(INDIVIDUALS|ENTITIES)': Missing child element|Element 'STREET'"


def invalid(schema, name, data):
    """The errors of a document in which what no other organisation can know was filled in."""
    root = etree.fromstring(data)
    known = COMPLETE[name](root) if name in COMPLETE else r"(?!)"
    schema.validate(root)
    return [error.message for error in schema.error_log if not re.search(known, error.message)]


COMPLETE = {"un-sc": complete_un}


class Pairs(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.formats = formats()
        cls.names = [entry["format"] for entry in cls.formats]
        cls.before = {path: canonical(name, path) for name in cls.names for path in samples(name)}
        jobs = []
        for name in cls.names:
            # The main sample goes everywhere, the others home and to one more place each.
            main, *others = sorted(samples(name), key=lambda path: path.stat().st_size, reverse=True)
            jobs += [(name, main, cls.before[main], target) for target in cls.names]
            for turn, path in enumerate(others, cls.names.index(name) + 1):
                jobs += [(name, path, cls.before[path], target)
                         for target in {name, cls.names[turn % len(cls.names)]}]
        # All that a notice can say, and so little that nothing but what always stands there tells its kind.
        for sample in ("every-field", "sparse"):
            path = GOLDEN / f"notice-jsonl/{sample}.jsonl"
            jobs += [("notice-jsonl", path, canonical("notice-jsonl", path), target) for target in cls.names]
        with ThreadPoolExecutor(WORKERS) as pool:
            cls.outcomes = list(pool.map(lambda job: hop(*job), jobs))

    def fail_for(self, found):
        """found: outcome and text."""
        if found:
            self.fail(f"{len(found)} problems:\n" + "\n".join(
                f"{outcome.source} ({outcome.sample.name}) -> {outcome.target}: {text}" for outcome, text in found[:40]))

    def test_every_pair_is_there(self):
        pairs = {(outcome.source, outcome.target) for outcome in self.outcomes if outcome.source in self.names}
        self.assertEqual(pairs, {(source, target) for source in self.names for target in self.names})
        self.assertTrue(all(self.before.values()))

    def test_nothing_is_gone_unsaid(self):
        self.fail_for([(outcome, text) for outcome in self.outcomes for text in outcome.problems])

    def test_own_format_reads_the_same(self):
        """Read, written, read: the same notices, nothing rejected, nothing lost."""
        found = []
        for outcome in self.outcomes:
            # What the format's own encoding lacks comes back in UTF-8 only; test_golden.py writes it so.
            if outcome.source != outcome.target or outcome.sample.stem.endswith("-utf8-only"):
                continue
            with tempfile.NamedTemporaryFile(prefix="dragoman-pairs-") as file:
                file.write(outcome.written)
                file.flush()
                before = self.before[outcome.sample]
                if outcome.sample.suffix == ".csv" and outcome.report:
                    before = conserve.without_columns(before, outcome.report)
                if conserve.as_spelled(canonical(outcome.target, file.name), before) != before:
                    found.append((outcome, "reads otherwise"))
            if outcome.rejected or outcome.lost:
                found.append((outcome, f"{outcome.rejected} rejected, lost {sorted(outcome.lost)}"))
        self.fail_for(found)

    def test_loss_is_foretold(self):
        """"dragoman loss" lists every field that was lost."""
        with ThreadPoolExecutor(WORKERS) as pool:
            pairs = [(source, target) for source in self.names for target in self.names]
            said = dict(zip(pairs, pool.map(lambda pair: dragoman("loss", "--json", *pair), pairs)))
        found = []
        for pair, result in said.items():
            self.assertEqual(result.status, 0, f"{pair}: {result}")
            fields = {entry["field"] for entry in json.loads(result.out)["fields"]}
            if pair[0] == pair[1]:
                self.assertFalse(fields, pair)
            for outcome in self.outcomes:
                own = pair[0] == pair[1] and outcome.sample.stem.endswith("-utf8-only")
                if (outcome.source, outcome.target) == pair and outcome.lost - fields and not own:
                    found.append((outcome, f"not foretold: {sorted(outcome.lost - fields)}"))
        self.fail_for(found)

    def test_bytes(self):
        """What is written is of the dialect that the definition declares."""
        entries = {entry["format"]: entry for entry in self.formats}
        defaults = {engine: options_of(engine) for engine in {entry["engine"] for entry in self.formats}}
        found = []
        for outcome in self.outcomes:
            entry = entries[outcome.target]
            if outcome.written is None:
                continue
            try:
                if entry["engine"] == "csv":
                    said = check_table(entry, defaults["csv"], outcome.written)
                elif entry["engine"] == "xml":
                    said = check_document(entry, outcome.written)
                else:
                    said = check_objects(entry, outcome.written)
            except (ValueError, csv.Error) as error:
                said = [repr(error)]
            found += [(outcome, text) for text in said]
        self.fail_for(found)

    def test_published_schemas(self):
        for name, schema in SCHEMAS.items():
            if name not in self.names:
                continue
            if not (DATA / schema).is_file():
                print(f"not tested: {name} against {schema}, which is not there")
                continue
            judge = etree.XMLSchema(etree.parse(str(DATA / schema)))
            own = {path for path in samples(name) if invalid(judge, name, path.read_bytes())} # with faults on purpose
            self.fail_for([(outcome, text) for outcome in self.outcomes
                           if outcome.target == name and outcome.written is not None and outcome.sample not in own
                           for text in invalid(judge, name, outcome.written)[:3]])


try:
    from lxml import etree
except ImportError:
    harness.skip("no python3-lxml")

harness.main()
