# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that no compiler checks.

Each check is a function from the tree (a dict of path to text) to a list of problems, so that test_lint_self.py can
show for every rule that breaking it is noticed. Run without arguments it checks the tree it lies in.
"""
import os
import re
import sys

# The direction of dependencies: what a part of the core may include besides dragoman/plugin.h.
MAY_INCLUDE = {
    "base": {"base"},
    "io": {"base", "io"},
    "notice": {"base", "notice"},
    "format": {"base", "notice", "format"},
    "host": {"base", "io", "notice", "format", "host"},
    "pipe": {"base", "io", "notice", "format", "host", "pipe"},
    "batch": {"base", "io", "notice", "format", "host", "pipe", "batch"},
}

# Libraries that only plugins may know.
ENGINE_HEADERS = re.compile(r"^(csv\.h|libxml/.*|libxml2/.*|cjson/.*|cJSON\.h|archive.*)$")

# Functions, why they are banned, and what to use instead.
BANNED = {
    "strtol strtoul strtoll strtoull strtoimax strtoumax atoi atol atoll": "dgm_str_to_u64: errors and ends are seen",
    "strtod strtof strtold atof": "decimals stay text: a double would change them, and the locale decides the point",
    "scanf fscanf sscanf vscanf vfscanf vsscanf": "slices: overflow goes unseen",
    "strtok strtok_r": "dgm_str_next",
    "strcpy stpcpy strcat strncat strncpy stpncpy gets": "slices and memcpy",
    "sprintf vsprintf": "snprintf or dgm_arena_printf",
    "localtime localtime_r gmtime ctime asctime": "the zone of the machine is not the notice's; gmtime_r",
    "strcasecmp strncasecmp": "dgm_str_eq_nocase: the locale decides",
    "isalpha isdigit isalnum isspace isupper islower isxdigit isprint ispunct iscntrl tolower toupper":
        "the classes of base/str.h: the locale decides",
    "alloca": "an arena",
}
BANNED_IN_CORE = {
    "setlocale newlocale uselocale": "the locale belongs to the program, and changes nothing here",
    "printf vprintf puts putchar perror": "core never prints; dgm_diag_emit",
    "exit quick_exit _exit _Exit": "only main ends the process",
}
BANNED_IN_PLUGINS = {
    "setlocale newlocale uselocale getenv secure_getenv setenv": "a plugin touches neither locale nor environment",
    "printf vprintf fprintf puts putchar perror": "a plugin does not print; host->report",
    "fopen fdopen freopen open openat creat popen system": "bytes come from the input and go to the output",
    "signal sigaction raise kill exit quick_exit _exit _Exit abort": "a plugin returns DGM_FATAL",
    "chdir umask fork": "the process belongs to the host",
}
MAIN = "cli/main.c"
LONGEST = 600
LONG_FILES = "tests/lint/long-files.txt"
SPDX = "SPDX-License-Identifier: Apache-2.0"


def is_c(path):
    return path.endswith((".c", ".h", ".def"))


def strip(text):
    """C without comments and without the contents of strings; lines stay where they are."""
    def blank(match):
        token = match.group(0)
        if token.startswith("/"):
            return " " + "\n" * token.count("\n")
        return token[0] * 2
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def includes(text):
    """(line number, '<' or '"', path) of every include."""
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(1), match.group(2)


def calls(text, names):
    """(line number, name) of every use of a function in names; members and own names that end alike do not count."""
    pattern = re.compile(r"(?<![\w.])(?<!->)(" + "|".join(names) + r")\s*\(")
    for number, line in enumerate(strip(text).split("\n"), 1):
        for match in pattern.finditer(line):
            yield number, match.group(1)


def check_directions(tree):
    problems = []
    for path, text in tree.items():
        parts = path.split("/")
        if not is_c(path) or parts[0] not in ("core", "cli", "plugins"):
            continue
        for line, kind, name in includes(text):
            where = f"{path}:{line}"
            if parts[0] == "plugins":
                if "core/" + name in tree and name != "dragoman/plugin.h":
                    problems.append(f"{where}: a plugin includes the public header only, not {name}")
                elif kind == '"' and "/".join(parts[:2] + [name]) not in tree:
                    problems.append(f"{where}: {name} is no header of this plugin")
                continue
            if ENGINE_HEADERS.match(name):
                problems.append(f"{where}: {name}: only a plugin knows this library")
            if kind != '"' or name == "dragoman/plugin.h":
                continue
            if name.startswith(".") or (parts[0] == "core" and "/" not in name):
                problems.append(f"{where}: write the path from core/, as in \"base/str.h\", not \"{name}\"")
                continue
            part = name.split("/")[0]
            if parts[0] == "cli":
                if "/" in name and part not in MAY_INCLUDE:
                    problems.append(f"{where}: core has no part {part}")
            elif len(parts) > 2 and parts[1] in MAY_INCLUDE and part not in MAY_INCLUDE[parts[1]]:
                problems.append(f"{where}: {parts[1]} must not depend on {part}")
    return problems


def check_parts(tree):
    """A folder of core that the table above does not know would escape it."""
    parts = {path.split("/")[1] for path in tree if path.startswith("core/") and path.count("/") > 1}
    return [f"core/{part}: not in MAY_INCLUDE of tests/lint/test_lint.py"
            for part in sorted(parts - set(MAY_INCLUDE) - {"include"})]


def check_banned(tree):
    problems = []
    for path, text in sorted(tree.items()):
        top = path.split("/")[0]
        if not is_c(path) or top not in ("core", "cli", "plugins", "tests"):
            continue
        rules = dict(BANNED)
        if top == "core":
            rules.update(BANNED_IN_CORE)
        elif top == "plugins":
            rules.update(BANNED_IN_PLUGINS)
        elif top == "cli" and path != MAIN:
            rules["exit quick_exit _exit _Exit"] = "only main ends the process"
        for names, instead in rules.items():
            for line, name in calls(text, names.split()):
                problems.append(f"{path}:{line}: {name}: {instead}")
        if top in ("core", "plugins"):
            for line, code in enumerate(strip(text).split("\n"), 1):
                if re.search(r"\b(stdout|stderr)\b", code):
                    problems.append(f"{path}:{line}: standard output and error belong to cli")
    return problems


def check_environment(tree):
    """The environment is read in one file, so that one look shows what can change a run from outside."""
    places = []
    for path, text in sorted(tree.items()):
        if is_c(path) and path.split("/")[0] in ("core", "cli"):
            places += [(path, line) for line, _ in calls(text, ["getenv", "secure_getenv"])]
    files = sorted({path for path, _ in places})
    if len(files) < 2:
        return []
    return [f"{path}:{line}: the environment is read in more than one file: {', '.join(files)}"
            for path, line in places]


def is_source(path):
    name = os.path.basename(path)
    if path.startswith(("tests/golden/", "tests/fuzz/corpus/")):
        return False
    return (is_c(path) or path.endswith((".cpp", ".cmake", ".py", ".sh", ".map", ".in")) or
            path.startswith("man/") or (path.startswith("formats/") and path.endswith(".yaml")) or
            name == "CMakeLists.txt" or path in ("dev", ".ci/run"))


def check_spdx(tree):
    return [f"{path}:1: no '{SPDX}' in the first three lines"
            for path, text in sorted(tree.items())
            if is_source(path) and SPDX not in "\n".join(text.split("\n")[:3])]


def check_names(tree):
    """A file name says which file is meant. Frozen copies of the public header, kept for the ABI test, excepted."""
    seen = {}
    for path in sorted(tree):
        if not path.startswith(("core/", "cli/", "plugins/", "tests/", "cmake/")):
            continue
        if is_source(path) and not path.endswith("CMakeLists.txt") and not path.startswith("tests/abi/"):
            seen.setdefault(os.path.basename(path), []).append(path)
    return [f"{paths[1]}:1: there is another {name}: {paths[0]}" for name, paths in seen.items() if len(paths) > 1]


def read_long_files(text):
    """path -> reason"""
    allowed = {}
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            path, _, reason = line.partition(":")
            allowed[path.strip()] = reason.strip()
    return allowed


def check_lengths(tree):
    problems = []
    allowed = read_long_files(tree.get(LONG_FILES, ""))
    long = {path: text.count("\n") for path, text in tree.items()
            if path.endswith((".c", ".h")) and text.count("\n") > LONGEST}
    for path, lines in sorted(long.items()):
        if path not in allowed:
            problems.append(f"{path}:{lines}: more than {LONGEST} lines: usually two ideas; or give the reason in {LONG_FILES}")
    for path, reason in sorted(allowed.items()):
        if not reason:
            problems.append(f"{LONG_FILES}: {path}: no reason given")
        if path not in long:
            problems.append(f"{LONG_FILES}: {path}: not long (any more)")
    return problems


def check_samples(tree):
    problems = []
    for path in sorted(tree):
        match = re.fullmatch(r"formats/([^/]+)\.yaml", path)
        if match and not any(other.startswith(f"tests/golden/{match.group(1)}/") for other in tree):
            problems.append(f"{path}:1: no samples in tests/golden/{match.group(1)}/")
    return problems


CHECKS = [check_directions, check_parts, check_banned, check_environment, check_spdx, check_names, check_lengths,
          check_samples]


def read_tree(root):
    tree = {}
    for folder, folders, files in os.walk(root):
        relative = os.path.relpath(folder, root)
        folders[:] = sorted(name for name in folders if name not in (".git", "__pycache__", ".cache") and
                            not (relative == "." and name.startswith("build")))
        for name in sorted(files):
            path = os.path.normpath(os.path.join(relative, name)).replace(os.sep, "/")
            full = os.path.join(root, path)
            if os.path.islink(full) or not os.path.isfile(full):
                continue
            text = ""
            if is_source(path) or path == LONG_FILES:
                with open(full, encoding="utf-8") as file:
                    text = file.read()
            tree[path] = text
    return tree


def main():
    root = os.environ.get("SOURCE_DIR") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    tree = read_tree(os.path.abspath(root))
    problems = [problem for check in CHECKS for problem in check(tree)]
    for problem in problems:
        print(problem)
    sources = sum(1 for path in tree if is_source(path))
    if not sources:
        print("no sources found: wrong folder?")
        return 1
    print(f"{sources} sources, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
