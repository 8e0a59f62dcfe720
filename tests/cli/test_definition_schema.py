# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of definitions takes every shipped definition and code list, however YAML is read, and no mistake."""
import copy
import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = os.environ.get("DRAGOMAN", "")
SOURCE = Path(os.environ.get("SOURCE_DIR", Path(__file__).resolve().parents[2]))

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}", file=sys.stderr)
    sys.exit(77)

failures = []


def fail(text):
    failures.append(text)
    print(f"FAILED: {text}")


def check(validator, document, what, good):
    problem = next(validator.iter_errors(document), None)
    if good and problem:
        fail(f"{what}: {problem.json_path}: {problem.message[:200]}")
    if not good and not problem:
        fail(f"{what} is taken")


def spoilt(document):
    """The same definition with a mistake, one after the other."""
    def change(name, apply):
        other = copy.deepcopy(document)
        apply(other)
        return name, other
    yield change("an unknown key", lambda d: d.update(colour="red"))
    yield change("a missing engine", lambda d: d.pop("engine"))
    yield change("a status that is none", lambda d: d.update(status="guessed"))
    yield change("records that are a map", lambda d: d.update(records={"at": ""}))
    yield change("no records", lambda d: d.update(records=[]))
    yield change("a title that is a list", lambda d: d.update(title=["a"]))
    yield change("an unknown key of a shape", lambda d: d["records"][0].update(form="x"))
    yield change("an unknown key of a mapping", lambda d: d["records"][0].update(map={"a": {"too": "notice.id"}}))
    yield change("a mistake two levels down", lambda d: d["records"][0].update(map={"a": {"map": {"b": {"codez": "x"}}}}))
    yield change("a switch that is a word", lambda d: d["records"][0].update(map={"a": {"to": "x", "list": "maybe"}}))
    yield change("a key beside numbered", lambda d: d["records"][0].update(
        map={"a": {"numbered": "3", "group": "subject.name", "map": {}, "to": "x"}}))
    yield change("a signature of two kinds", lambda d: d.update(detect={"root": "a", "members": ["b"]}))
    yield change("an unknown key of number", lambda d: d["records"][0].update(map={"a": {"to": "x", "number": {"sign": "-"}}}))


def main():
    if not PROGRAM:
        print("skipped: $DRAGOMAN names no program", file=sys.stderr)
        return 77
    schema = json.loads(subprocess.run([PROGRAM, "schema", "--definition"], capture_output=True, text=True, check=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    definition = jsonschema.Draft202012Validator(schema)
    codes = jsonschema.Draft202012Validator({"$ref": "#/$defs/list", "$defs": schema["$defs"]})
    # The base loader takes scalars for texts, as the compiler does; the safe one makes numbers of them, as editors do.
    loaders = (getattr(yaml, "CBaseLoader", yaml.BaseLoader), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    count = 0
    for path in sorted((SOURCE / "formats").glob("*.yaml")) + sorted((SOURCE / "tests/plugins/example").glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for loader in loaders:
            check(definition, yaml.load(text, loader), path.name, True)
        count += 1
    if count < 10:
        fail(f"only {count} definitions were found")
    for path in sorted((SOURCE / "formats").glob("**/codes/*.yaml")):
        check(codes, yaml.load(path.read_text(encoding="utf-8"), loaders[0]), path.name, True)
    sound = yaml.load((SOURCE / "formats/ameripol.yaml").read_text(encoding="utf-8"), loaders[0])
    for name, document in spoilt(sound):
        check(definition, document, name, False)
    check(codes, {"list": "x", "codes": {"a": "b"}, "kodes": {}}, "a code list with an unknown key", False)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
