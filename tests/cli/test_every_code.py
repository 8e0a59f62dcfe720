# SPDX-License-Identifier: Apache-2.0
"""Every code of the program: it has a page, something makes the program say it, and good samples do not.

SAID is a table of runs and of the codes that each must say. A code that is not there has to be named by another test, since
it needs a harness of C or a fault that no command line brings about; ELSEWHERE holds that for some. What a sound program
never says stands in NEVER. A code in none of them, or in a table without a page, fails.
"""
import json
import os
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, SOURCE, Case

BINARY = Path(os.environ.get("BINARY_DIR", ""))
NOTICE = '{"notice":{"id":"%s","type":"%s","issuer":"X"},"subject":[{"kind":"person","name":[{"kind":"primary","full":"A"}]}]%s}\n'
SOUND = NOTICE % (1, "wanted", ',"charge":[{"text":"t"}]')


def notice(head="", subject="", rest=""):
    return ('{"notice":{"id":"1","type":"warn","issuer":"X"%s},"subject":[{"kind":"person","name":[{"full":"A"}]%s}]%s}\n'
            % (head, subject, rest))


def red(**without):
    """A Red Notice that has all that Article 83 asks for, but for what is said."""
    parts = {"head": ',"colour":"red","summary":"s"', "subject": ',"sex":"male","birth":[{"date":"1980"}],"height":"180"',
             "charge": '"text":"t","warrant":"w","law":"l","max_penalty":"5 years"'}
    parts.update(without)
    return notice(parts["head"], parts["subject"], ',"charge":[{%s}]' % parts["charge"]).replace('"warn"', '"wanted"')


DEFINITION = ("format: %s\ntitle: T\nstatus: modelled\nengine: %s\n%srecords:\n  - at: \"\"\n"
              "    set: {notice.type: warn, notice.issuer: X, subject.kind: person}\n    map:\n      N: notice.id\n%s")


def table(keys, rows, more="table: yes\n", engine="csv"):
    """A definition x with some keys, and an input for it."""
    names = [re.match(r"      ([^:]+):", line).group(1) for line in keys.splitlines()]
    return {"x.yaml": DEFINITION % ("x", engine, more, keys), "in": ",".join(["N", *names]) + "\n" + rows}


def definition(**changes):
    """Files of a definition that is wrong in one thing."""
    text = DEFINITION % ("x", "csv", "table: yes\n", "      A: subject.birth.date\n")
    for old, new in changes.items():
        text = text.replace(*new) if old == "change" else text + new
    return {"x.yaml": text}


X = ("convert", "-f", "x", "-t", "notice-jsonl", "in")
CANONICAL = ("convert", "-t", "notice-jsonl", "in.jsonl")
VALIDATE = ("validate", "in.jsonl")
CHECK = ("formats", "--check", "x.yaml")
EMPTY_BOM = b"\xff\xfe\x00\x00a\x00\x00\x00"

# Codes, the command, and the files in its folder. Rules of notices come first, as they are the most.
SAID = [
    ("person-not-identifiable", VALIDATE, {"in.jsonl": notice().replace(',"name":[{"full":"A"}]', "")}),
    ("organisation-no-name", VALIDATE, {"in.jsonl": notice().replace('"person","name":[{"full":"A"}]', '"organisation"')}),
    ("wanted-no-charge", VALIDATE, {"in.jsonl": NOTICE % (1, "wanted", "")}),
    ("missing-no-event", VALIDATE, {"in.jsonl": NOTICE % (1, "missing", "")}),
    ("sanction-no-list", VALIDATE, {"in.jsonl": NOTICE % (1, "sanction", "")}),
    ("document-no-number document-no-country", VALIDATE, {"in.jsonl": NOTICE % (1, "stolen_document", "")}),
    ("document-no-number document-no-country", VALIDATE, {"in.jsonl": NOTICE % (1, "lost_document", "")}),
    ("vehicle-no-registration", VALIDATE, {"in.jsonl": NOTICE % (1, "stolen_vehicle", "")}),
    ("report-no-reason", VALIDATE, {"in.jsonl": NOTICE % (1, "suspicious_report", "")}),
    ("", VALIDATE, {"in.jsonl": red()}),
    ("red-no-sex", VALIDATE, {"in.jsonl": red(subject=',"birth":[{"date":"1980"}],"height":"180"')}),
    ("red-no-birth-year", VALIDATE, {"in.jsonl": red(subject=',"sex":"male","height":"180"')}),
    ("red-no-second-identifier", VALIDATE, {"in.jsonl": red(subject=',"sex":"male","birth":[{"date":"1980"}]')}),
    ("red-no-warrant", VALIDATE, {"in.jsonl": red(charge='"text":"t","law":"l","max_penalty":"5 years"')}),
    ("red-no-law", VALIDATE, {"in.jsonl": red(charge='"text":"t","warrant":"w","max_penalty":"5 years"')}),
    ("red-no-penalty", VALIDATE, {"in.jsonl": red(charge='"text":"t","warrant":"w","law":"l"')}),
    ("red-penalty-low", VALIDATE, {"in.jsonl": red(charge='"text":"t","warrant":"w","law":"l","max_penalty":"6 to 18 months"')}),
    ("alias-is-primary", VALIDATE, {"in.jsonl": notice().replace('"A"', '"Ana","kind":"primary"},{"full":"ANA","kind":"alias"')}),
    ("name-repeated", VALIDATE, {"in.jsonl": notice().replace('"A"', '"Ana","kind":"alias"},{"full":"ANA","kind":"alias"')}),
    ("red-no-facts", VALIDATE, {"in.jsonl": red(head=',"colour":"red"')}),
    ("death-before-birth", VALIDATE, {"in.jsonl": notice(subject=',"birth":[{"date":"1980-05-01"}],"death":{"date":"1979"}')}),
    ("document-before-birth", VALIDATE, {"in.jsonl": notice(subject=',"birth":[{"date":"1980"}],"document":[{"issued":"1979"}]')}),
    ("document-expires-early", VALIDATE, {"in.jsonl": notice(subject=',"document":[{"issued":"2000","expires":"1999"}]')}),
    ("charge-before-birth", VALIDATE, {"in.jsonl": notice(subject=',"birth":[{"date":"1980"}]', rest=',"charge":[{"committed":"1970"}]')}),
    ("warrant-before-offence", VALIDATE, {"in.jsonl": notice(rest=',"charge":[{"committed":"2000","issued":"1999"}]')}),
    ("warrant-expires-early", VALIDATE, {"in.jsonl": notice(rest=',"charge":[{"issued":"2000","expires":"1999"}]')}),
    ("listing-before-birth", VALIDATE, {"in.jsonl": notice(subject=',"birth":[{"date":"1980"}]', rest=',"sanction":[{"designated":"1970"}]')}),
    ("listing-order", VALIDATE, {"in.jsonl": notice(rest=',"sanction":[{"designated":"2000","delisted":"1999"}]')}),
    ("event-before-birth", VALIDATE, {"in.jsonl": notice(subject=',"birth":[{"date":"1980"}]', rest=',"event":[{"date":"1970"}]')}),
    ("notice-order", VALIDATE, {"in.jsonl": notice(head=',"published":"2000","withdrawn":"1999"')}),
    ("organisation-order", VALIDATE, {"in.jsonl": notice(subject=',"organisation":{"founded":"2000","dissolved":"1999"}')}),
    ("nationality-order", VALIDATE, {"in.jsonl": notice(subject=',"nationality":[{"from":"2000","to":"1999"}]')}),
    ("height-implausible", VALIDATE, {"in.jsonl": notice(subject=',"height":"1.80"')}),
    ("weight-implausible", VALIDATE, {"in.jsonl": notice(subject=',"weight":"1000"')}),
    ("age-implausible", VALIDATE, {"in.jsonl": notice(subject=',"age_min":"1990"')}),
    ("year-implausible", VALIDATE, {"in.jsonl": notice(subject=',"craft":{"year":"12"}')}),
    ("coordinate-implausible", VALIDATE, {"in.jsonl": notice(rest=',"event":[{"latitude":"120"}]')}),
    ("birth-implausible", VALIDATE, {"in.jsonl": notice(subject=',"birth":[{"date":"1403-01-01"}]')}),
    ("document-implausible", VALIDATE, {"in.jsonl": notice(subject=',"document":[{"issued":"2565"}]')}),
    ("phone-shape", VALIDATE, {"in.jsonl": notice(subject=',"contact":[{"kind":"phone","value":"+999 1234567"}]')}),
    ("email-shape", VALIDATE, {"in.jsonl": notice(subject=',"contact":[{"kind":"email","value":"n/a"}]')}),
    ("country-unassigned", VALIDATE, {"in.jsonl": notice(subject=',"residence":"QQ"')}),
    ("currency-unassigned", VALIDATE, {"in.jsonl": notice(rest=',"reward":[{"currency":"QQQ"}]')}),
    ("language-unassigned", VALIDATE, {"in.jsonl": notice(head=',"language":"ger"')}),
    ("script-unassigned", VALIDATE, {"in.jsonl": notice(subject=',"name":[{"full":"A","script":"Qqqq"}]').replace('"name":[{"full":"A"}],', "", 1)}),
    ("identifier-birth identifier-sex", VALIDATE, {"in.jsonl": notice(
        subject=',"sex":"female","birth":[{"date":"1991-01-02"}],"document":[{"type":"national_id","number":"360426199101010071","country":"CN"}]')}),
    ("identifier-check", VALIDATE, {"in.jsonl": notice(subject=',"account":[{"iban":"DE89370400440532013001"}]')}),
    ("identifier-shape", VALIDATE, {"in.jsonl": notice(subject=',"account":[{"iban":"DE89"}]')}),
    ("mrz-check mrz-differs", VALIDATE, {"in.jsonl": notice(subject=',"document":[{"mrz":"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\\n'
                                                        'L898902C37UTO7408122F1204159ZE184226B<<<<<10"}]')}),
    ("mrz-differs", VALIDATE, {"in.jsonl": notice(subject=',"document":[{"number":"L898902C4","mrz":"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\\n'
                                                          'L898902C36UTO7408122F1204159ZE184226B<<<<<10"}]')}),
    ("script-mixed", VALIDATE, {"in.jsonl": notice().replace('"A"', '"\u0410na"')}),
    ("script-differs", VALIDATE, {"in.jsonl": notice().replace('"A"', '"Ivanov","script":"Cyrl"')}),
    ("reference-dangling", VALIDATE, {"in.jsonl": notice(head=',"form":"cancellation","reference":[{"value":"7"}]')}),
    ("reference-limit reference-dangling", VALIDATE, {"in.jsonl": notice(subject=',"relation":[%s]' % ",".join(['{"target_id":"7"}'] * 33000))
                                   + notice(subject=',"relation":[%s]' % ",".join(['{"target_id":"7"}'] * 33000)).replace('"1"', '"2"', 1)}),
    ("errors-limit", ("validate", "--max-errors", "1", "in.jsonl"), {"in.jsonl": (notice().replace(',"name":[{"full":"A"}]', "")) * 2}),
    ("advice-unusable", ("validate", "--advice", "a.yaml", "in.jsonl"), {"in.jsonl": SOUND, "a.yaml": "nonsense: off\n"}),
    ("id-repeated", VALIDATE, {"in.jsonl": SOUND * 2}),
    # values
    ("code-unknown", CANONICAL[:1] + ("-f", "x", "-t", "notice-jsonl", "in"), table('      S: {to: subject.sex, codes: {male: M}}\n', "1,Q\n")),
    ("country-unknown", X, table("      C: {to: subject.residence, codes: country-en}\n", "1,Atlantis\n")),
    ("value-either", ("convert", "-t", "notice-jsonl", "in.xml"), {"in.xml": GOLDEN / "un-sc" / "sample.xml"}),
    ("language-unknown", X, table("      L: {to: notice.language, codes: {eng: English}}\n", "1,Volapuk\n")),
    ("script-unknown", X, table("      S: {to: \"subject.name(primary).script\", codes: {Latn: Latin}}\n", "1,Runes\n")),
    ("currency-unknown", X, table("      C: {to: reward.currency, codes: {USD: dollar}}\n", "1,shells\n")),
    ("date-unparsed", X, table("      D: {to: subject.birth.date, date: dd/MM/yyyy}\n", "1,soon\n")),
    ("date-impossible", X, table("      D: {to: subject.birth.date, date: dd/MM/yyyy}\n", "1,31/02/1980\n")),
    ("calendar-unknown", ("convert", "-t", "notice-jsonl", "in.xml"), {"in.xml": GOLDEN / "eco" / "dates.xml"}),
    ("calendar-early", X, table("      D: {to: subject.birth.date, date: yyyy/MM/dd, calendar: islamic-umalqura}\n", "1,1355/01/01\n")),
    ("digits-mixed", X, table("      D: {to: subject.birth.date, date: dd/MM/yyyy}\n", "1,٠1/02/1980\n")),
    ("text-control", X, table("      T: notice.title\n", "1,O\x92Brien\n")),
    ("number-unparsed", X, table("      H: {to: subject.height, unit: m}\n", "1,tall\n")),
    ("phone-national", X, table("      P: notice.authority.phone\n", "1,020 7946 0000\n")),
    ("email-unparsed", X, table("      E: notice.authority.email\n", "1,nobody\n")),
    ("uri-unparsed", X, table("      U: notice.url\n", "1,example.org\n")),
    ("time-unparsed", X, table("      T: event.time\n", "1,noon\n")),
    ("boolean-unparsed", X, table("      B: {to: subject.address.current, codes: {true: yes}}\n", "1,perhaps\n")),
    ("value-not-canonical", CANONICAL, {"in.jsonl": notice(head=',"published":"soon"')}),
    ("field-unknown", CANONICAL, {"in.jsonl": notice(head=',"nonsense":"1"')}),
    ("field-repeated", ("convert", "-t", "notice-jsonl", "in.jsonl"),
     {"in.jsonl": notice().replace('"full":"A"', '"full":["A","B"]')}),
    ("target-required", ("convert", "-f", "notice-jsonl", "-t", "x", "in.jsonl"),
     {**table("      A: {to: subject.birth.place, required: yes}\n", ""), "in.jsonl": notice()}),
    ("target-unread", ("convert", "-f", "notice-jsonl", "-t", "x", "in.jsonl"),
     {"x.yaml": DEFINITION.replace('at: ""\n', 'at: ""\n    when: {K: "*"}\n') % ("x", "csv", "table: yes\n", "      K: subject.birth.place\n"),
      "in.jsonl": notice()}),
    ("row-differs", ("convert", "-t", "notice-jsonl", "in.csv"), {"in.csv": GOLDEN / "frontex" / "events.csv"}),
    ("source-required", X, table("      A: {to: subject.birth.place, required: yes}\n", "1,\n")),
    ("pair-disagrees", X, table("      A: {to: subject.birth.date}\n      B: {to: subject.birth.date, agrees: yes}\n", "1,1980-01-01,1981-01-01\n")),
    ("id-limit", ("convert", "-f", "x", "-t", "x", "-o", "out", "in"),
     {**table("      A: subject.title\n", ""), "in": lambda: "N,A\n" + "".join(f"{n},\n" for n in range(524290))}),
    # records
    ("record-unknown", X, {"x.yaml": DEFINITION.replace('at: ""\n', 'at: ""\n    when: {N: "7*"}\n') % ("x", "csv", "table: yes\n", ""),
                           "in": "N\n1\n"}),
    ("notice-incomplete", ("convert", "-f", "notice-jsonl", *CANONICAL[1:]), {"in.jsonl": '{"notice":{"id":"1"}}\n'}),
    ("record-cut", ("convert", "-f", "x", "-t", "notice-jsonl", "--from-option", "max-record=20", "in"),
     {"x.yaml": DEFINITION.replace("    map:\n      N: notice.id\n", "    map:\n      N: notice.id\n      s: {row: yes, group: subject.name, map: {A: full}}\n")
      % ("x", "csv", "table: yes\nrows: N\n", ""), "in": "N,A\n1,a\n1," + "b" * 60 + "\n"}),
    ("target-no-shape nothing-converted", ("convert", "-t", "europol", "in.jsonl"), {"in.jsonl": notice().replace('"person"', '"vessel"')}),
    ("handling-lost", ("convert", "-t", "interpol", "in.jsonl"), {"in.jsonl": notice(head=',"handling":[{"scheme":"tlp","code":"RED"}]')}),
    ("handling-dropped", ("convert", "-t", "interpol", "--allow-handling-loss", "in.jsonl"),
     {"in.jsonl": notice(head=',"handling":[{"scheme":"tlp","code":"RED"}]').replace('"warn"', '"wanted"')}),
    ("envelope-dropped", ("convert", "-t", "notice-jsonl", "in.xml"), {"in.xml": GOLDEN / "sco" / "recent.xml"}),
    # inputs and formats
    ("input-open", ("convert", "-t", "notice-jsonl", "nothing"), {}),
    ("input-read", ("convert", "-f", "notice-jsonl", "-t", "notice-jsonl", "."), {}),
    ("input-empty", CANONICAL, {"in.jsonl": ""}),
    ("format-not-recognised", CANONICAL, {"in.jsonl": "hello\n"}),
    ("format-ambiguous format-candidate", CANONICAL, {"in.jsonl": '{"notice":1}\n'}),
    ("format-detected", ("convert", "-v", "-t", "notice-jsonl", "in.jsonl"), {"in.jsonl": SOUND}),
    ("format-unknown", ("convert", "-t", "nonsense", "in.jsonl"), {"in.jsonl": SOUND}),
    ("profile-unknown", ("convert", "-t", "unodc/nonsense", "in.jsonl"), {"in.jsonl": SOUND}),
    ("charset-unknown", ("convert", "-f", "notice-jsonl", *CANONICAL[1:]), {"in.jsonl": EMPTY_BOM}),
    ("charset-conflict", ("convert", "-t", "notice-jsonl", "in.xml"),
     {"in.xml": b"\xef\xbb\xbf<?xml version='1.0' encoding='iso-8859-1'?><CONSOLIDATED_LIST><INDIVIDUALS/></CONSOLIDATED_LIST>"}),
    ("charset-suspect", ("convert", "--from-encoding", "iso-8859-1", *CANONICAL[1:]), {"in.jsonl": SOUND.replace('"A"', '"Á"')}),
    ("text-invalid-utf8", CANONICAL, {"in.jsonl": SOUND.encode().replace(b'"A"', b'"\xff"')}),
    # runs
    ("no-records", X, table("      A: notice.title\n", "")),
    ("summary", CANONICAL, {"in.jsonl": SOUND}),
    ("schema-unusable", ("convert", "-t", "notice-csv", "-o", "out", "--schema", "in.jsonl", "in.jsonl"), {"in.jsonl": SOUND}),
    ("xml-schema-unusable", ("convert", "-t", "notice-xml", "-o", "out", "--schema", "in.jsonl", "in.jsonl"), {"in.jsonl": SOUND}),
    ("xml-schema-violation", ("convert", "-t", "notice-xml", "-o", "out", "--schema", "a.xsd", "in.jsonl"),
     {"in.jsonl": SOUND, "a.xsd": '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"/></xs:schema>'}),
    ("loss-limit", ("convert", "-t", "interpol", "--max-loss", "none", "in.jsonl"),
     {"in.jsonl": notice(subject=',"religion":"r"').replace('"warn"', '"wanted"')}),
    ("charset-unencodable", ("convert", "-t", "notice-csv", "--to-encoding", "us-ascii", "in.jsonl"), {"in.jsonl": SOUND.replace('"A"', '"Á"')}),
    ("charset-bom", ("convert", "-t", "afripol", "--to-encoding", "iso-8859-1", "in.jsonl"), {"in.jsonl": SOUND}),
    ("output-is-input", ("convert", "-t", "notice-jsonl", "-o", "in.jsonl", "in.jsonl"), {"in.jsonl": SOUND}),
    ("output-twice", ("convert", "-t", "notice-jsonl", "-o", "out", "--report", "out", "in.jsonl"), {"in.jsonl": SOUND}),
    ("output-open", ("convert", "-t", "notice-jsonl", "-o", "no/folder", "in.jsonl"), {"in.jsonl": SOUND}),
    ("output-exists", ("convert", "-t", "notice-jsonl", "-o", "old", "--no-clobber", "in.jsonl"), {"in.jsonl": SOUND, "old": ""}),
    ("verified", ("convert", "-t", "notice-jsonl", "-o", "out", "--verify", "1", "in.jsonl"), {"in.jsonl": SOUND}),
    ("verify-count", ("convert", "-t", "x", "-o", "out", "--verify", "1", "in.jsonl"),
     {"x.yaml": DEFINITION.replace("    map:\n      N: notice.id\n", "    map:\n      N: notice.id\n      s: {row: yes, group: subject.name, map: {A: full}}\n")
      % ("x", "csv", "table: yes\nrows: N\n", ""), "in.jsonl": notice() * 2}),
    ("verify-output", ("convert", "-t", "notice-jsonl", "-o", "/dev/null", "--verify", "1", "in.jsonl"), {"in.jsonl": SOUND}),
    ("record-invalid", ("convert", "-t", "notice-jsonl", "--validate", "--rejects", "r", "in.jsonl"),
     {"in.jsonl": notice().replace(',"name":[{"full":"A"}]', "")}),
    ("run-stopped", ("convert", "-t", "notice-jsonl", "--on-error", "stop", "in.jsonl"), {"in.jsonl": SOUND + "{\n"}),
    # plugins, options, definitions
    ("plugin-missing", X, {"x.yaml": DEFINITION % ("x", "nonsense", "", ""), "in": "N\n1\n"}),
    ("plugin-silent", X, {"x.yaml": DEFINITION % ("x", "silent", "", ""), "in": "N\n1\n", "silent.so": "plugin"}),
    ("plugin-direction", ("convert", "-f", "notice-jsonl", "-t", "x", "in.jsonl"),
     {"x.yaml": DEFINITION % ("x", "sound", "", ""), "in.jsonl": SOUND, "sound.so": "plugin"}),
    ("option-unknown", ("convert", "--from-option", "nonsense=1", *CANONICAL[1:]), {"in.jsonl": SOUND}),
    ("option-value", ("convert", "-f", "notice-csv", "-t", "notice-jsonl", "--from-option", "max-record=many", "in"), {"in": "a\n"}),
    ("definition-yaml", CHECK, {"x.yaml": "a: [\n"}),
    ("definition-shape", CHECK, {"x.yaml": "format: y\n"}),
    ("definition-unknown-key", CHECK, definition(more="      B: {too: notice.title}\n")),
    ("definition-field", CHECK, definition(more="      B: notice.nonsense\n")),
    ("definition-code", CHECK, definition(more="      B: \"subject.name(nonsense).full\"\n")),
    ("definition-codes", CHECK, definition(more="      B: {to: subject.sex, codes: nonsense}\n")),
    ("definition-letters", CHECK, definition(more="      B: {to: notice.title, letters: nonsense}\n")),
    ("definition-date", CHECK, definition(more="      B: {to: event.date, date: qq}\n")),
    ("definition-unit", CHECK, definition(more="      B: {to: subject.height, unit: ell}\n")),
    ("definition-no-signature", CHECK, definition()),
    ("definition-unreadable", ("formats", "--check", "nothing.yaml"), {}),
    ("search-folder", ("formats", "--format-dir", "nothing"), {}),
    # syntaxes: one of each that is easy; the engines' own tests have the rest
    ("csv-column-count", X, table("      A: notice.title\n", "1\n")),
    ("json-syntax", CANONICAL, {"in.jsonl": SOUND + "{]}\n"}),
    ("json-too-many-keys", CANONICAL, {"in.jsonl": lambda: "".join(
        SOUND.replace("}\n", "," + ",".join(f'"k{n * 1000 + k}":1' for k in range(1000)) + "}\n") for n in range(70))}),
    ("json-envelope-dropped", ("convert", "-t", "x", "in.jsonl"),
     {"x.yaml": (DEFINITION % ("x", "json", "options: {layout: lines}\n", "")).replace("records:", "envelope: {total: {keep: a sum, always: \"0\"}}\nrecords:"),
      "in.jsonl": notice()}),
    ("xml-doctype", ("convert", "-f", "un-sc", "-t", "notice-jsonl", "in.xml"), {"in.xml": "<!DOCTYPE a><CONSOLIDATED_LIST/>"}),
]

UNIT, ENGINES = "tests/unit", "tests/plugins"
ELSEWHERE = {
    # faults of disks, rights and plugins
    "output-write": f"{UNIT}/test_publish.c",
    "sandbox-unavailable": f"{UNIT}/test_cage.c",
    **dict.fromkeys(["plugin-permissions", "plugin-not-loadable", "plugin-no-entry", "plugin-mismatch", "plugin-options", "set-uid"],
                    f"{UNIT}/test_loader.c"),
    **dict.fromkeys(["worker-forbidden", "limit-cpu"], "tests/cli/test_cage.py"),
    "verify-differs": "tests/cli/test_verify.py",
    **dict.fromkeys(["batch-busy", "batch-folders", "config-shape", "file-done", "input-skipped", "input-vanished", "output-renamed",
                     "journal-torn", "journal-damaged", "journal-unusable", "journal-write", "plan-setup", "plan-unusable", "setup-unreadable",
                     "shard-incomplete", "worker-died",
                     "worker-incomplete", "worker-start"], "tests/cli/test_batch.py"),
    **dict.fromkeys(["bundle-unsupported", "bundle-empty", "bundle-no-member", "bundle-over-limit", "bundle-truncated", "bundle-damaged",
                     "bundle-contradicts", "bundle-trailing", "bundle-encrypted", "bundle-name", "bundle-member-refused", "bundle-nested",
                     "bundle-member-unknown", "media-unclaimed", "media-missing", "media-differs", "media-left"], "tests/cli/test_bundle.py"),
    # large inputs
    **dict.fromkeys(["record-too-many-values", "notice-too-large"], "tests/cli/test_large_records.sh"),
    **dict.fromkeys(["record-too-many-rows", "target-too-large"], f"{UNIT}/test_rows.c"),
}
# Said only where memory runs out, or where the program itself is at fault.
NEVER = {"no-memory", "bundle-no-memory", "bundle-library", "bundle-write", "input-spool", "csv-no-memory", "json-no-memory", "xml-no-memory", "conservation", "json-parsers-differ"}


def fired(case, command, files):
    """The codes that a run says."""
    for name, content in files.items():
        if content == "plugin":
            shutil.copy(BINARY / "tests" / "plugins" / "hostile" / name, case.folder / name)
        else:
            case.write(name, content() if callable(content) else content.read_bytes() if isinstance(content, Path) else content)
    env = {"DRAGOMAN_FORMAT_PATH": str(case.folder)} if "x.yaml" in files else {}
    if "plugin" in files.values():
        env["DRAGOMAN_PLUGIN_PATH"] = str(case.folder)
    said = harness.dragoman(command[0], "--log-format", "json", "-v", *command[1:], cwd=case.folder, env=env)
    rejects = case.folder / "r"
    rejected = {reject["code"] for reject in harness.lines(rejects.read_bytes())} if rejects.exists() else set()
    return said, {message["code"] for message in said.messages()} | rejected


def page_codes():
    pages = json.loads(harness.dragoman("explain", "--json").out)
    return {page["code"]: page for page in pages}


class EveryCode(Case):
    def test_said(self):
        """Each run says its codes; of the rules of notices no other ones."""
        pages = page_codes()
        rules = {code for code, page in pages.items() if page["chapter"] == "Validation"}
        for codes, command, files in SAID:
            with self.subTest(codes=codes):
                for path in self.folder.iterdir():
                    path.unlink()
                said, heard = fired(self, command, files)
                wanted = set(codes.split())
                self.assertLessEqual(wanted, heard, str(said))
                if command == VALIDATE:
                    self.assertEqual(heard & rules, wanted & rules)

    def test_input_changed(self):
        """The program waits with its messages, of which nobody reads more, while its input grows."""
        path = self.write("in.jsonl", "".join((NOTICE % (n, "warn", "")).replace('"warn"', '"warn","published":"soon"') for n in range(5000)))
        command = [harness.PROGRAM, "convert", "--log-format", "json", "-t", "notice-jsonl", "-o", "out", path.name]
        with harness.subprocess.Popen(command, cwd=self.folder, stderr=harness.subprocess.PIPE, env=harness.environment()) as process:
            first = process.stderr.readline()
            with path.open("ab") as more:
                more.write(SOUND.encode())
            rest = process.stderr.read()
        self.assertIn(b'"value-not-canonical"', first)
        self.assertIn(b'"input-changed"', rest)
        self.assertFalse((self.folder / "out").exists())

    def test_no_formats(self):
        """A program that lies alone finds no definition."""
        program = shutil.copy(harness.PROGRAM, self.folder / "dragoman")
        done = harness.subprocess.run([program, "formats", "--log-format", "json"], capture_output=True, env=harness.environment(),
                                      check=False, timeout=harness.TIMEOUT)
        self.assertIn(b'"format-none"', done.stderr)

    def test_complete(self):
        pages = page_codes()
        said = {code for codes, _, _ in SAID for code in codes.split()} | {"format-none", "input-changed"}
        changes = {code for code, page in pages.items() if page["severity"] == "change"} # tests/unit/test_changes.c
        others = "".join(path.read_text(encoding="utf-8") for folder in ("cli", "unit", "plugins", "data", "property")
                         for path in sorted((SOURCE / "tests" / folder).rglob("*.*"))
                         if path.suffix in (".py", ".sh", ".c", ".h") and path != Path(__file__).resolve())
        elsewhere = {code for code in set(pages) - said - NEVER if re.search(rf"(?<![a-z-]){code}(?![a-z-])", others)}
        for code, name in ELSEWHERE.items():
            self.assertRegex((SOURCE / name).read_text(encoding="utf-8"), rf"(?<![a-z-]){code}(?![a-z-])", f"{name} does not speak of {code}")
        self.assertEqual(set(pages) - said - elsewhere - changes - NEVER, set(), "codes that no test brings about")
        self.assertEqual((said | elsewhere | NEVER) - set(pages), set(), "codes without a page")
        self.assertEqual(said & NEVER, set())


# What the samples say of the rules of notices, and should: tables of few columns, Red Notices as INTERPOL publishes them,
# notices of every field, doubts that a sample is there for. A sample that stands nowhere here says nothing of it.
SAMPLES = {
    "sanction-no-list":
        "afripol/avis.csv aseanapol/attributes.xml eco/dates.xml eco/languages.xml eco/list.xml eco/members.xml gccpol/wrapped.json sco/catalog-older.xml sco/no-declaration.xml sco/reestr-utf8.xml",
    "missing-no-event": "afripol/avisos-pt.csv afripol/nasharat-ar.csv",
    "document-no-country reference-dangling": "aimc/bulletins.csv",
    "reference-dangling": "aimc/names-utf8-only.csv",
    "identifier-shape": "ameripol/documentos.csv",
    "sanction-no-list wanted-no-charge": "aseanapol/entries.xml sco/reestr.xml",
    "document-no-country sanction-no-list": "aseanapol/moha.xml",
    "id-repeated vehicle-no-registration": "frontex/crlf-aliases.csv",
    "person-not-identifiable phone-shape": "frontex/events.csv",
    "missing-no-event red-no-facts red-no-law red-no-penalty red-no-second-identifier red-no-sex red-no-warrant wanted-no-charge":
        "interpol/arrays.json",
    "red-no-facts red-no-law red-no-penalty red-no-warrant": "interpol/bundle.json",
    "id-repeated missing-no-event red-no-facts red-no-law red-no-penalty red-no-second-identifier red-no-sex red-no-warrant wanted-no-charge":
        "interpol/lines.jsonl notice-csv/samples.csv notice-json/samples.json notice-jsonl/samples.jsonl notice-xml/samples.xml",
    "red-no-facts red-no-law red-no-penalty red-no-second-identifier red-no-sex red-no-warrant wanted-no-charge":
        "interpol/page.json",
    "missing-no-event red-no-facts red-no-law red-no-penalty red-no-second-identifier red-no-sex red-no-warrant sanction-no-list wanted-no-charge":
        "interpol/pages.jsonl",
    "red-no-facts red-no-law red-no-penalty red-no-second-identifier red-no-warrant": "interpol/red-details.json",
    "age-implausible email-shape identifier-shape phone-shape reference-dangling script-differs wanted-no-charge year-implausible":
        "notice-csv/every-field.csv notice-json/every-field.json notice-jsonl/every-field.jsonl notice-xml/every-field.xml",
    "document-no-country missing-no-event sanction-no-list wanted-no-charge": "notice-jsonl/sparse.jsonl",
    "identifier-check wanted-no-charge": "sco-cn/zhongfang.csv",
    "phone-shape": "unodc/activity.xml unodc/transactions.xml",
    "document-before-birth document-implausible": "unodc/quirks.xml",
}


class Samples(Case):
    def test_good_samples_break_no_rule(self):
        pages = page_codes()
        rules = {code for code, page in pages.items() if page["chapter"] == "Validation"}
        rules |= {"id-repeated", "identifier-check", "identifier-shape"}
        wanted = {name: set(codes.split()) for codes, names in SAMPLES.items() for name in names.split()}
        samples = [path for path in sorted(GOLDEN.glob("*/*.*")) if path.suffix not in (".md", ".py")]
        self.assertLessEqual(set(wanted), {f"{path.parent.name}/{path.name}" for path in samples})
        for path in samples:
            name = f"{path.parent.name}/{path.name}"
            with self.subTest(sample=name):
                report = json.loads(harness.dragoman("validate", "--report-format", "json", path).out)
                self.assertEqual({entry["code"] for entry in report["codes"]} & rules, wanted.get(name, set()))


harness.main()
