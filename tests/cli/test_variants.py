# SPDX-License-Identifier: Apache-2.0
"""Every sample in other clothes: columns in another order and by their other names, other line ends, with and without a
byte-order mark, in each encoding that the format accepts. The notices stay what they are, in their order too."""
import codecs
import json
import random
import re
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, SOURCE, dragoman

WORKERS = 2


def settled(notice):
    """A notice without the order of what is kept beside the fields, and without the numbers in its paths."""
    kept = [{**item, "path": re.sub(r"\[\d+\]", "", item["path"])} for item in notice.get("unmapped", [])]
    return {**notice, "unmapped": sorted(kept, key=lambda item: json.dumps(item, sort_keys=True))}


# --- tables ---


class Table:
    """The raw cells of a table, quotes and all, and how its rows end."""

    def __init__(self, entry, text):
        options = {"delimiter": ",", "quote": '"', **entry["options"]}
        self.delimiter = {"tab": "\t"}.get(options["delimiter"], options["delimiter"])
        self.quote = {"none": "\0"}.get(options["quote"], options["quote"])
        self.rows, self.ends = [], []
        cell = rf"{self.quote}(?:[^{self.quote}]|{self.quote}{self.quote})*{self.quote}|[^{re.escape(self.delimiter)}\r\n]*"
        at, row = 0, []
        for found in re.finditer(rf"({cell})({re.escape(self.delimiter)}|\r\n|\r|\n|\Z)", text):
            if found.start() != at or (at == len(text) and not row):
                break
            at = found.end()
            row.append(found.group(1))
            if found.group(2) != self.delimiter:
                self.rows.append(row)
                self.ends.append(found.group(2))
                row = []
        self.whole = at == len(text)

    def name(self, column):
        text = self.rows[0][column]
        if text.startswith(self.quote):
            text = text[1:-1].replace(self.quote * 2, self.quote)
        return text.strip()

    def text(self, rows=None, end=None):
        return "".join(self.delimiter.join(row) + (kept if end is None else end)
                       for row, kept in zip(rows or self.rows, self.ends))

    def in_order(self, order):
        return self.text([[row[column] for column in order] for row in self.rows])


def aliases_of(node, found):
    """Of every key with aliases that lies in a map of the definition: key -> all its names."""
    if isinstance(node, list):
        for item in node:
            aliases_of(item, found)
    if not isinstance(node, dict):
        return found
    for name, below in node.get("map", {}).items() if isinstance(node.get("map"), dict) else ():
        if isinstance(below, dict) and "aliases" in below:
            names = below["aliases"] if isinstance(below["aliases"], list) else [below["aliases"]]
            for number in [""] if "{n}" not in str(name) else map(str, range(1, int(node.get("numbered", 0)) + 1)):
                spelled = [str(word).replace("{n}", number) for word in [name, *names]]
                for word in spelled:
                    found.setdefault(word.lower(), spelled)
    for below in node.values():
        aliases_of(below, found)
    return found


def other_names(table, aliases):
    """The table with each column under another of its names, until every name of every column was used once."""
    names = [aliases.get(table.name(column).lower(), [table.name(column)]) for column in range(len(table.rows[0]))]
    for turn in range(max(map(len, names))):
        header = []
        for words in names:
            word = words[turn % len(words)]
            quoted = table.delimiter in word or table.quote in word
            header.append(f"{table.quote}{word}{table.quote}" if quoted else word)
        if len({word.lower() for word in header}) == len(header):
            yield f"names, turn {turn + 1}", table.text([header, *table.rows[1:]])


def of_table(entry, text, aliases):
    table = Table(entry, text)
    assert table.whole and all(len(row) == len(table.rows[0]) for row in table.rows), "the test cannot take it apart"
    columns = list(range(len(table.rows[0])))
    yield "columns backwards", table.in_order(columns[::-1])
    random.Random(1).shuffle(columns)
    yield "columns shuffled", table.in_order(columns)
    yield from other_names(table, aliases)
    for what, end in (("LF", "\n"), ("CR LF", "\r\n"), ("CR", "\r")):
        yield f"rows end in {what}", table.text(end=end)
    yield "the last row without its end", table.text().rstrip("\r\n")


# --- all syntaxes ---


def shuffled(text, places):
    """The children of each record in another order, those of one name in their own; None where it is the same."""
    root = ElementTree.fromstring(text)
    before = ElementTree.tostring(root, encoding="unicode")
    for place in places:
        below = place.partition("/")[2]
        for record in root.iterfind("./" + below) if below else [root]:
            names = sorted({(child.tag, child.get("name")) for child in record}, key=str)
            random.Random(1).shuffle(names)
            record[:] = sorted(record, key=lambda child: names.index((child.tag, child.get("name"))))
    after = ElementTree.tostring(root, encoding="unicode")
    return None if after == before else after


def of_document(text, places):
    lines = text.replace("\r\n", "\n")
    yield "LF", lines
    yield "CR LF", lines.replace("\n", "\r\n")
    changed = shuffled(re.sub(r"^\ufeff?<\?xml[^>]*\?>\s*", "", text), places)
    if changed:
        yield "elements shuffled", changed
    yield "without a declaration", re.sub(r"^\ufeff?<\?xml[^>]*\?>\s*", "", text)


def of_objects(text):
    lines = text.replace("\r\n", "\n")
    yield "LF", lines
    yield "CR LF", lines.replace("\n", "\r\n")
    try:
        yield "members backwards", json.dumps(json.loads(text, object_pairs_hook=lambda pairs: dict(pairs[::-1])),
                                              ensure_ascii=False)
    except ValueError:
        yield "members backwards", "".join(
            json.dumps(json.loads(line, object_pairs_hook=lambda pairs: dict(pairs[::-1])), ensure_ascii=False) + "\n"
            for line in text.splitlines() if line.strip())


def encoded(engine, text, encoding, mark=False):
    """None where the encoding lacks a character."""
    if engine == "xml":
        text = re.sub(r"""(<\?xml[^>]*?encoding=["'])[^"']*""", rf"\g<1>{encoding}", text)
    try:
        return (codecs.BOM_UTF8 if mark else b"") + text.encode(encoding)
    except UnicodeEncodeError:
        return None


def decoded(entry, data):
    """As the file itself says, or in the first of the format's encodings that can."""
    if data.startswith(codecs.BOM_UTF8):
        return data[3:].decode()
    said = re.match(rb"""<\?xml[^>]*?encoding=["']([^"']*)""", data)
    accepted = [said.group(1).decode()] if said else [entry["encoding"], *entry["accepts"]]
    if "utf-8" in accepted:
        accepted = ["utf-8", *accepted]
    for encoding in accepted:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("in none of its encodings")


def variants(entry, data, aliases, places):
    """(what, bytes, options)."""
    engine, own, text = entry["engine"], entry["encoding"], decoded(entry, data)
    makers = {"csv": lambda: of_table(entry, text, aliases), "xml": lambda: of_document(text, places)}
    accepted = [own, *entry["accepts"]]
    # What has to be read as UTF-8 to come through whole is not put into the format's own encoding.
    plain_encoding = own if encoded(engine, text, own) is not None else "utf-8"
    for what, changed in makers.get(engine, lambda: of_objects(text))():
        marked = engine == "xml" and not changed.lstrip("\ufeff").startswith("<?xml") and plain_encoding != "utf-8"
        yield what, encoded(engine, changed, "utf-8" if marked else plain_encoding, mark=marked), ()
    for encoding in accepted:
        # UTF-8 is told from what it looks like, and a declaration counts; of others nobody can know.
        known = encoding in (own, "utf-8") or (engine == "xml" and "encoding=" in text[:100])
        yield f"in {encoding}", encoded(engine, text, encoding), () if known else ("--from-encoding", encoding)
    if "utf-8" in accepted or engine == "csv":
        yield "with a byte-order mark", encoded(engine, text, "utf-8", mark=True), ()
    if engine != "json":
        changed = re.sub(r"""(<\?xml[^>]*?encoding=["'])[^"']*""", r"\g<1>utf-16", text)
        yield "in UTF-16", codecs.BOM_UTF16_LE + changed.encode("utf-16-le"), ()


class Variants(unittest.TestCase):
    def test_all(self):
        jobs = []
        for entry in json.loads(dragoman("formats", "--json").out):
            definition = yaml.load((SOURCE / "formats" / f"{entry['format']}.yaml").read_bytes(), yaml.BaseLoader)
            aliases, places = {}, []
            for shape in definition["records"]:
                aliases_of(shape, aliases)
                # In the common form the order of elements is that of its schema.
                places += [] if entry["canonical"] else shape["at"] if isinstance(shape["at"], list) else [shape["at"]]
            for path in sorted((GOLDEN / entry["format"]).iterdir()):
                if path.is_file() and path.suffix != ".md":
                    jobs.append((entry, path, aliases, places))

        def run(job):
            entry, path, aliases, places = job
            found, count = [], 0
            read = dragoman("convert", "-q", "-f", entry["format"], "-t", "notice-jsonl", path).notices()
            wanted = [settled(notice) for notice in read]
            for what, data, options in variants(entry, path.read_bytes(), aliases, places):
                if data is None:
                    continue
                count += 1
                got = dragoman("convert", "-q", "-f", entry["format"], "-t", "notice-jsonl", *options, stdin=data)
                if got.status != 0:
                    found.append(f"{path.relative_to(GOLDEN)}, {what}: {got}")
                    continue
                same = [settled(notice) for notice in got.notices()]
                if same != wanted:
                    found.append(f"{path.relative_to(GOLDEN)}, {what}: {difference(wanted, same)}")
            return count, found

        with ThreadPoolExecutor(WORKERS) as pool:
            results = list(pool.map(run, jobs))
        found = [text for _, problems in results for text in problems]
        print(f"{sum(count for count, _ in results)} variants of {len(jobs)} samples")
        if found:
            self.fail(f"{len(found)} variants read otherwise:\n" + "\n".join(found[:30]))


def difference(wanted, got):
    for one, other in zip(wanted, got):
        if one != other:
            for name in sorted({*one, *other}):
                if one.get(name) != other.get(name):
                    return f"{name}: {json.dumps(one.get(name), ensure_ascii=False)[:700]} became " \
                           f"{json.dumps(other.get(name), ensure_ascii=False)[:700]}"
    return f"{len(wanted)} notices became {len(got)}"


try:
    import yaml
except ImportError:
    harness.skip("no python3-yaml")

harness.main()
