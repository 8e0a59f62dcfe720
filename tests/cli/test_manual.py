# SPDX-License-Identifier: Apache-2.0
"""The manual says what the program does: options, diagnostics, the keys of definitions, and the examples."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("DRAGOMAN", "")
MAN = SOURCE / "man"
COMMANDS = ("batch", "completion", "convert", "detect", "explain", "formats", "inspect", "loss", "plugin", "plugins", "sandbox", "schema", "shard",
            "validate")

failures = []


def fail(text):
    failures.append(text)
    print(f"FAILED: {text}")


def differ(what, in_manual, in_program, page):
    for word in sorted(in_program - in_manual):
        fail(f"{what} {word} is not in {page}")
    for word in sorted(in_manual - in_program):
        fail(f"{what} {word} of {page} does not exist")


def page(name):
    return (MAN / name).read_text(encoding="utf-8")


def section(text, title):
    """The lines of .Sh or .Ss title, without what belongs to the next one of its level."""
    found = re.search(rf"^\.(Sh|Ss) {re.escape(title)}\n(.*?)(?=^\.Sh |\Z)", text, re.S | re.M)
    if not found:
        fail(f"no section {title}")
        return ""
    body = found.group(2)
    return re.split(r"^\.Ss ", body, flags=re.M)[0] if found.group(1) == "Ss" else body


def run(*arguments, **settings):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, **settings)


# --- options ---


def options_of_help(text):
    """The options of --help, as {"--output": ("-o", "FILE")}, of the command and common ones apart."""
    groups = ({}, {})
    for number, part in enumerate(text.split("common options:")):
        for short, long, value in re.findall(r"^  (-\w)?,?\s+(--[a-z-]+)(?: ([A-Z][A-Z=]*|[a-z]+(?:\|[a-z]+)+))?  ", part, re.M):
            groups[number][long] = (short, value)
    return groups


def options_of_page(text):
    """The same from the .It Fl lines of a section."""
    found = {}
    for line in re.findall(r"^\.It Fl (.*)$", text, re.M):
        long = re.search(r"\\-([a-z-]+)", line)
        short = re.search(r"^(?:Fl )?(\w)\b", line)
        value = re.search(r"\bAr (.*)$", line.split(" , ")[-1])
        words = value.group(1).replace(" Ns = Ns Ar ", "=").replace(" | ", "|") if value else ""
        found["--" + long.group(1)] = ("-" + short.group(1) if short else "", words)
    return found


def test_options():
    manual = page("dragoman.1")
    common = None
    for command in COMMANDS:
        shown = run(command, "--help")
        own, here = options_of_help(shown.stdout)
        if shown.returncode != 0 or not here or (not own and command != "plugins"):
            fail(f"{command} --help shows no options")
        common = common or here
        if here != common:
            fail(f"{command} --help has other common options")
        in_manual = options_of_page(section(manual, f"dragoman {command}"))
        differ(f"option of {command}:", set(in_manual.items()), set(own.items()), "dragoman.1")
    differ("common option:", set(options_of_page(section(manual, "Options of all commands")).items()),
        set(common.items()), "dragoman.1")
    usage = run("--help").stdout
    differ("command:", set(re.findall(r"^\.Ss dragoman ([a-z]+)$", manual, re.M)),
        set(re.findall(r"^  ([a-z]+)  ", usage, re.M)), "dragoman.1")


def test_exit_statuses():
    header = (SOURCE / "cli/args.h").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\.It (\d)$", section(page("dragoman.1"), "EXIT STATUS"), re.M))
    differ("exit status", listed, set(re.findall(r"CLI_[A-Z]+ = (\d),", header)), "dragoman.1")


def test_loss_kinds():
    source = (SOURCE / "core/format/loss.c").read_text(encoding="utf-8")
    names = re.search(r"dgm_loss_names\[.*?\{(.*?)\}", source, re.S).group(1)
    listed = re.findall(r"^\.It Sy (\w+)$", section(page("dragoman.1"), "LOSS REPORT"), re.M)
    differ("kind of loss", set(listed), set(re.findall(r'"(\w+)"', names)), "dragoman.1")


# --- diagnostics ---

# What looks like a code and is none: names of encodings and calendars, and codes of the schema.
ENCODING = re.compile(r"(utf|iso|windows|us|euc)-[a-z0-9-]+")
CALENDARS = {"islamic-civil", "islamic-umalqura"}
IDENTIFIERS = set(re.findall(r'\.name = "([a-z-]+)"', (SOURCE / "core/notice/identifier_table.c").read_text(encoding="utf-8")))
CHANGES = SOURCE / "core/notice/changes.c" # the rules of normalising, which are shown and never said
COUNTRIES = {"x-icc", "x-irmct", "x-stateless", "x-stl", "x-unknown"}
ZONES = {"mrv-a", "mrv-b"} # kinds of machine readable zones


def without_comments(text):
    """C without its comments; literals stay."""
    return re.sub(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*',
        lambda found: found.group(0) if found.group(0)[0] == '"' else " ", text, flags=re.S)


def codes_of_sources():
    """
    Every literal of the form of a code is one, unless it is known to be something else. So a code is found however it
    comes to the function that reports it, and a new kind of literal has to be explained here.
    """
    options = set()
    for command in COMMANDS:
        for group in options_of_help(run(command, "--help").stdout):
            options |= {name[2:] for name in group}
    options |= {line.split()[0] for line in run("plugin", "--list").stdout.splitlines()} # names of checks
    for plugin in sorted(path.name for path in (SOURCE / "plugins").iterdir() if path.is_dir()):
        options |= set(re.findall(r"^  ([a-z-]+)=", run("plugins", plugin).stdout, re.M))
    found = set()
    for folder in ("core", "cli", "plugins"):
        for path in sorted((SOURCE / folder).rglob("*.[ch]")):
            if path == CHANGES:
                continue
            text = without_comments(path.read_text(encoding="utf-8"))
            found |= set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', text))
            found |= set(re.findall(r'\[([a-z]+(?:-[a-z0-9]+)+)\]\\n"', text)) # in a whole line
            found |= set(re.findall(r'\bcli_say\("([a-z-]+)"', text))
            found |= set(re.findall(r'\bDGM_(?:NOTE|WARNING|ERROR), "([a-z]+)"', text)) # one without a '-'
    known = options | COUNTRIES | ZONES | CALENDARS | IDENTIFIERS
    return {word for word in found if word not in known and not ENCODING.fullmatch(word)}


def test_diagnostics():
    manual = page("dragoman-diagnostics.7")
    if section(manual, "CODES") != run("explain", "--mdoc").stdout.partition("\n")[2]:
        fail("the section CODES of dragoman-diagnostics.7 is not what dragoman explain --mdoc prints: a code has its page in "
            "core/base/rules.def, and the section is that output")
    items = re.findall(r"^\.It Cm (\S+) Pq (.*)$", manual, re.M)
    codes = [code for code, _ in items]
    found = codes_of_sources()
    if len(found) < 100:
        fail(f"only {len(found)} codes were found in the sources")
    # What reading does has pages, too, and is never said.
    silent = set(re.findall(r"^\.It Cm (\S+) Pq change$", section(manual, "Normalising"), re.M))
    changes = set(re.findall(r'\] = "([a-z-]+)"', CHANGES.read_text(encoding="utf-8")))
    differ("rule of normalising", silent, changes, "dragoman-diagnostics.7")
    for code in sorted(silent & found):
        fail(f"code {code} is a rule of normalising, and something reports it")
    differ("code", set(codes) - silent, found, "dragoman-diagnostics.7")
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        fail(f"code {code} stands twice in dragoman-diagnostics.7")
    for code, severity in items:
        if not re.fullmatch(r"(error|warning|note|change)([ ;].*)?", severity):
            fail(f"code {code} has the severity {severity}")
    for engine in sorted((SOURCE / "plugins").glob("*/README.md")):
        for code in re.findall(rf"`({engine.parent.name}-[a-z-]+)`", engine.read_text(encoding="utf-8")):
            if code not in found:
                fail(f"{engine.relative_to(SOURCE)} speaks of {code}, which nothing reports")


# --- definitions ---


def keys_of_sources():
    """The table of the language, and no second one beside it."""
    table = (SOURCE / "core/format/language.def").read_text(encoding="utf-8")
    keys = set(re.findall(r"^DGM_KEY\(\w+, (\w+),", table, re.M))
    if len(keys) < 70:
        fail("the keys of the definition language were not found in core/format/language.def")
    for path in sorted((SOURCE / "core/format").glob("*.c")):
        if re.search(r"const (?:\w+_)?keys\[\] = \{", path.read_text(encoding="utf-8")):
            fail(f"{path.name} has keys that are not in language.def")
    return keys


def test_definition_keys():
    manual = page("dragoman-format.5")
    differ("key", set(re.findall(r"^\.It Cm (\S+)$", manual, re.M)), keys_of_sources(), "dragoman-format.5")
    mapping = (SOURCE / "core/format/mapping.c").read_text(encoding="utf-8")
    parts = re.search(r"names\[DGM_PART_COUNT\] = \{(.*?)\}", mapping, re.S).group(1)
    for part in re.findall(r'"(\w+)"', parts):
        if not re.search(rf"^\.Li .*\b{part}\b", manual, re.M):
            fail(f"part {part} is not in dragoman-format.5")


def test_formats_shipped():
    text = section(page("dragoman-format.5"), "SHIPPED FORMATS")
    listed = {}
    for line in re.findall(r"^\.It Li (.*)$", text, re.M):
        names, _, status = line.partition(" , No ")
        listed.update({name: status or "published" for name in names.split(" , ")})
    shipped = {entry["format"]: entry["status"] for entry in json.loads(run("formats", "--json").stdout)}
    differ("format", set(listed.items()), set(shipped.items()), "dragoman-format.5")


def literal_blocks(text):
    return [block.replace("\\e", "\\") for block in re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed", text, re.S | re.M)]


def test_example_definition(folder):
    blocks = literal_blocks(page("dragoman-format.5"))
    definition = next(block for block in blocks if block.startswith("format: "))
    codes = next(block for block in blocks if block.startswith("list: "))
    name = re.match(r"format: (\S+)", definition).group(1)
    (folder / "codes").mkdir()
    (folder / f"{name}.yaml").write_text(definition, encoding="utf-8")
    (folder / "codes/office-hair.yaml").write_text(codes, encoding="utf-8")
    (folder / f"{name}-hair.yaml").write_text(definition.replace(f"format: {name}", f"format: {name}-hair") +
        "      Hair: {to: subject.hair_colour, codes: office-hair}\n", encoding="utf-8")
    parts = next(block for block in blocks if block.startswith("aliases:"))
    head = f"format: {name}-parts\ntitle: t\nstatus: modelled\nengine: xml\ndetect: {{root: list}}\nrecords:\n  - at: list/entry\n"
    (folder / f"{name}-parts.yaml").write_text(head + "    set: {notice.type: wanted, notice.issuer: X}\n    map:\n" +
        "".join(f"      {line}\n" for line in parts.splitlines()), encoding="utf-8")
    for file in (f"{name}.yaml", f"{name}-hair.yaml", f"{name}-parts.yaml"):
        checked = run("formats", "--check", str(folder / file), "--format-dir", str(folder))
        if checked.returncode != 0:
            fail(f"the example definition is not sound: {checked.stderr}")
    table = folder / "in.csv"
    table.write_bytes("Case;Surname;Forenames;Also known as;Sex;Born;Height;Missing since;Desk\n"
        "7;MÜSTER;Ina;Inchen; Ines;F;03.1990;1,72;05.11.2023;A4\n".replace("Inchen; Ines", '"Inchen; Ines"')
        .encode("iso-8859-1"))
    same = subprocess.run([PROGRAM, "convert", "--format-dir", str(folder), "-f", name, "-t", name, str(table)],
        capture_output=True, check=False)
    if same.returncode != 0 or same.stdout != table.read_bytes():
        fail(f"the example definition does not bring its table back: {same.stderr!r} {same.stdout!r}")


# --- examples ---


def test_examples(folder):
    examples = literal_blocks(section(page("dragoman.1"), "EXAMPLES"))
    if len(examples) < 5:
        fail("dragoman.1 has hardly any examples")
    work = folder / "examples"
    shutil.copytree(SOURCE / "tests/golden", work)
    (folder / "bin").mkdir()
    (folder / "bin/dragoman").symlink_to(PROGRAM)
    environment = dict(os.environ, PATH=f"{folder / 'bin'}:{os.environ['PATH']}")
    for example in examples:
        done = subprocess.run(["bash", "-o", "pipefail", "-c", example], cwd=work, env=environment,
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            fail(f"example exits with {done.returncode}: {example}{done.stderr}")
    for written in ("notices.jsonl", "buscados.csv", "loss.json", "notices.xml", "all.json", "table.csv",
            "notice.schema.json"):
        if not (work / written).is_file() or (work / written).stat().st_size == 0:
            fail(f"the examples did not write {written}")
    for document in ("loss.json", "all.json", "notice.schema.json"):
        if (work / document).is_file():
            json.loads((work / document).read_text(encoding="utf-8"))


def test_example_plugin(folder):
    """The plugin of dragoman-plugin(3) builds with the header alone and does what the page says."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if not compiler:
        print("not tested: the example plugin, there is no C compiler", file=sys.stderr)
        return
    blocks = literal_blocks(section(page("dragoman-plugin.3"), "EXAMPLES"))
    folder.mkdir(mode=0o755)
    (folder / "lines.c").write_text(blocks[0], encoding="utf-8")
    (folder / "watch-lines.yaml").write_text(blocks[1], encoding="utf-8")
    (folder / "ids.txt").write_text("A-1\nB-2\nC-3", encoding="utf-8")
    built = subprocess.run([compiler, "-std=c17", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-shared", "-fPIC",
        "-fvisibility=hidden", "-Wl,-z,defs", f"-I{SOURCE / 'core/include'}", "lines.c", "-o", "lines.so"], cwd=folder,
        capture_output=True, text=True, check=False)
    if built.returncode != 0:
        fail(f"the example plugin does not build: {built.stderr}")
        return
    (folder / "lines.so").chmod(0o755)
    shown = subprocess.run(["bash", "-c", blocks[2].replace("dragoman", PROGRAM, 1)], cwd=folder, capture_output=True,
        text=True, check=False)
    ids = [json.loads(line)["notice"]["id"] for line in shown.stdout.splitlines()]
    if shown.returncode != 0 or ids != ["A-1", "B-2", "C-3"]:
        fail(f"the example plugin reads {ids}: {shown.stderr}")


def test_plugin_interface():
    """Every name of plugin.h that a plugin uses stands in dragoman-plugin(3)."""
    header = without_comments((SOURCE / "core/include/dragoman/plugin.h").read_text(encoding="utf-8"))
    manual = page("dragoman-plugin.3")
    services = re.search(r"struct dgm_host \{(.*?)\n\};", header, re.S).group(1)
    names = set(re.findall(r"\(\*(\w+)\)\(", header)) | set(re.findall(r"#define (DGM_(?:EVENT|LITERAL|OPTION)_\w+)", header))
    names |= set(re.findall(r"#define (DGM_(?:OK|END|BAD|FATAL|ERROR|HAS|PATH_ENVELOPE|ABI_MINOR))\b", header))
    if len(re.findall(r"\(\*", services)) < 10:
        fail("the services of struct dgm_host were not found")
    for name in sorted(names):
        if not re.search(rf"^\.(Fn|Fa|Dv|It|Ql) .*\b{name}\b", manual, re.M):
            fail(f"{name} of plugin.h is not in dragoman-plugin.3")


# --- what a newcomer sees first ---


def test_demo(folder):
    """The demo ends well from any folder and leaves nothing behind."""
    folder.mkdir()
    done = subprocess.run(["bash", str(SOURCE / "tests/demo.sh")], cwd="/", env=dict(os.environ, TMPDIR=str(folder)),
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        fail(f"the demo exits with {done.returncode}: {done.stdout[-500:]}{done.stderr}")
    if left := sorted(path.name for path in folder.iterdir()):
        fail(f"the demo leaves {left}")


def test_readme():
    text = (SOURCE / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ((?:`[a-z-]+` ?)+)\| .*?\| ?(\*\*modelled\*\*|\*\*reference\*\*|published)?", text, re.M)
    found = {name: status.strip("*") or "published" for names, status in listed for name in re.findall(r"`([a-z-]+)`", names)}
    shipped = {entry["format"]: entry["status"] for entry in json.loads(run("formats", "--json").stdout)}
    differ("format", set(found.items()), set(shipped.items()), "README.md")


# --- form ---


def lint():
    """Whether the pages were looked at."""
    if not shutil.which("mandoc"):
        return False
    for path in sorted(MAN.glob("*.[1-9]")):
        looked = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(path)], capture_output=True, text=True,
            check=False)
        if looked.returncode != 0 or looked.stdout:
            fail(looked.stdout)
    return True


def test_references():
    pages = {f"{path.stem} {path.suffix[1:]}" for path in MAN.glob("*.[1-9]")}
    for path in sorted(MAN.glob("*.[1-9]")):
        for name in re.findall(r"^\.Xr (dragoman\S* \d)", path.read_text(encoding="utf-8"), re.M):
            if name not in pages:
                fail(f"{path.name} refers to {name}, which is not there")


def main():
    if not os.access(PROGRAM, os.X_OK):
        print("skipped: $DRAGOMAN names no program", file=sys.stderr)
        return 77
    for variable in ("DRAGOMAN_FORMAT_PATH", "DRAGOMAN_PLUGIN_PATH"):
        os.environ.pop(variable, None)
    test_options()
    test_exit_statuses()
    test_loss_kinds()
    test_diagnostics()
    test_definition_keys()
    test_formats_shipped()
    test_references()
    with tempfile.TemporaryDirectory() as name:
        os.environ["XDG_DATA_HOME"] = name
        folder = Path(name)
        (folder / "definitions").mkdir()
        test_example_definition(folder / "definitions")
        test_examples(folder)
        test_example_plugin(folder / "plugin")
        test_demo(folder / "demo")
    test_plugin_interface()
    test_readme()
    linted = lint()
    if failures:
        print(f"{len(failures)} failures")
        return 1
    if not linted:
        print("skipped: mandoc is not there; everything else was tested", file=sys.stderr)
        return 77
    return 0


sys.exit(main())
