# SPDX-License-Identifier: Apache-2.0
"""Shows of every rule in test_lint.py that a breach is noticed, and that what merely looks like one is not."""
import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import test_lint as lint  # noqa: E402


class Directions(unittest.TestCase):
    def refused(self, path, line, **others):
        tree = {path: line + "\n", "core/include/dragoman/plugin.h": "", "core/base/str.h": "", **others}
        self.assertEqual(len(lint.check_directions(tree)), 1, f"{path}: {line}")

    def allowed(self, path, line, others=()):
        tree = {path: line + "\n", "core/include/dragoman/plugin.h": "", "core/base/str.h": ""}
        tree.update((other, "") for other in others)
        self.assertEqual(lint.check_directions(tree), [], f"{path}: {line}")

    def test_core(self):
        for path, name in [("base/a.c", "notice/notice.h"), ("base/a.c", "io/input.h"), ("io/a.c", "notice/notice.h"),
                           ("notice/a.h", "format/map.h"), ("notice/a.h", "io/input.h"), ("format/a.c", "host/job.h"),
                           ("format/a.c", "pipe/batch.h"), ("host/a.c", "pipe/batch.h"), ("pipe/a.c", "cli/log.h")]:
            self.refused(f"core/{path}", f'#include "{name}"')
        for path, name in [("base/a.c", "base/str.h"), ("io/a.c", "base/str.h"), ("notice/a.h", "base/str.h"),
                           ("format/a.c", "notice/notice.h"), ("host/job.h", "io/input.h"), ("host/a.c", "format/map.h"),
                           ("pipe/a.c", "host/job.h"), ("base/a.h", "dragoman/plugin.h")]:
            self.allowed(f"core/{path}", f'#include "{name}"')
        self.allowed("core/base/a.c", "#include <string.h>")
        self.allowed("core/notice/a.c", '/* #include "format/map.h" */')
        self.refused("core/base/a.c", '#include "../notice/notice.h"')
        self.refused("core/base/a.c", '#include "str.h"')
        self.refused("core/base/a.c", '#  include "notice/notice.h"')

    def test_libraries(self):
        for name in ["csv.h", "libxml/parser.h", "cjson/cJSON.h", "archive.h", "archive_entry.h"]:
            self.refused("core/host/a.c", f"#include <{name}>")
            self.refused("cli/a.c", f"#include <{name}>")
            self.allowed("plugins/x/a.c", f"#include <{name}>")
        self.allowed("core/host/a.c", "#include <yaml.h>")

    def test_cli(self):
        self.allowed("cli/a.c", '#include "pipe/convert.h"')
        self.allowed("cli/a.c", '#include "log.h"')
        self.refused("cli/a.c", '#include "plugins/csv/csv_reader.h"')

    def test_plugins(self):
        self.allowed("plugins/x/a.c", "#include <dragoman/plugin.h>")
        self.allowed("plugins/x/a.c", '#include "dragoman/plugin.h"', ["plugins/x/dragoman/plugin.h"])
        self.allowed("plugins/x/a.c", '#include "b.h"', ["plugins/x/b.h"])
        self.refused("plugins/x/a.c", '#include "b.h"', **{"plugins/y/b.h": ""})
        self.refused("plugins/x/a.c", '#include "base/str.h"')
        self.refused("plugins/x/a.c", "#include <base/str.h>")
        self.refused("plugins/x/a.c", '#include "../../core/base/str.h"')

    def test_parts(self):
        self.assertEqual(len(lint.check_parts({"core/extra/a.c": ""})), 1)
        self.assertEqual(lint.check_parts({"core/base/a.c": "", "core/include/dragoman/plugin.h": "",
                                           "core/CMakeLists.txt": ""}), [])


class Banned(unittest.TestCase):
    def count(self, path, text):
        return len(lint.check_banned({path: text}))

    def test_everywhere(self):
        for names in lint.BANNED:
            for name in names.split():
                for path in ["core/base/a.c", "cli/a.c", "plugins/x/a.c", "tests/unit/a.c"]:
                    self.assertEqual(self.count(path, f"x = {name}(y);"), 1, f"{name} in {path}")

    def test_core_and_plugins(self):
        for names in lint.BANNED_IN_CORE:
            for name in names.split():
                self.assertEqual(self.count("core/base/a.c", f"{name} (y);"), 1, name)
                self.assertEqual(self.count("tests/unit/a.c", f"{name}(y);"), 0, name)
        for names in lint.BANNED_IN_PLUGINS:
            for name in names.split():
                self.assertEqual(self.count("plugins/x/a.c", f"{name}(y);"), 1, name)
        self.assertEqual(self.count("core/base/a.c", 'fprintf(stderr, "");'), 1)
        self.assertEqual(self.count("cli/a.c", 'fprintf(stderr, "");'), 0)

    def test_exit(self):
        self.assertEqual(self.count("cli/main.c", "exit(1);"), 0)
        self.assertEqual(self.count("cli/cmd_convert.c", "exit(1);"), 1)

    def test_looks_alike(self):
        for text in ["/* atoi(x) */", "// atoi(x)", 'say("atoi(x)");', "dgm_atoi(x);", "table->open(x);",
                     "table.exit(x);", "vsnprintf(a, b, c, d);", "snprintf(a, b, c);", "int atoi_count;"]:
            self.assertEqual(self.count("core/base/a.c", text), 0, text)
        self.assertEqual(self.count("core/base/a.c", "char c = '\"'; atoi(x); char d = '\"';"), 1)
        self.assertIn(":3:", lint.check_banned({"core/base/a.c": "/*\n*/\natoi(x);"})[0])

    def test_environment(self):
        one = {"core/host/a.c": "getenv(x); secure_getenv(x);", "tests/unit/b.c": "getenv(x);"}
        self.assertEqual(lint.check_environment(one), [])
        self.assertEqual(len(lint.check_environment({**one, "cli/b.c": "getenv(x);"})), 3)


class Files(unittest.TestCase):
    def test_spdx(self):
        line = lint.SPDX
        for path in ["core/base/a.c", "core/notice/schema.def", "cmake/A.cmake", "tests/CMakeLists.txt", "dev",
                     ".ci/run", "tests/cli/test_a.sh", "formats/x.yaml", "man/dragoman.1", "tests/abi/cxx.cpp"]:
            self.assertEqual(len(lint.check_spdx({path: "text\n"})), 1, path)
            self.assertEqual(lint.check_spdx({path: f"#!x\n# {line}\n"}), [], path)
            self.assertEqual(len(lint.check_spdx({path: f"\n\n\n# {line}\n"})), 1, path)
        self.assertEqual(lint.check_spdx({"tests/golden/x/a.yaml": "", "README.md": "", "LICENSE": ""}), [])

    def test_names(self):
        self.assertEqual(len(lint.check_names({"core/base/a.c": "", "plugins/x/a.c": ""})), 1)
        self.assertEqual(lint.check_names({"core/base/a.c": "", "core/base/a.h": "", "tests/unit/test_a.c": "",
                                           "plugins/x/CMakeLists.txt": "", "plugins/y/CMakeLists.txt": "",
                                           "core/include/dragoman/plugin.h": "", "tests/abi/v1/plugin.h": ""}), [])

    def test_lengths(self):
        long, short = "\n" * 601, "\n" * 600
        allow = {lint.LONG_FILES: "# why\ncore/base/a.c: one table\n"}
        self.assertEqual(lint.check_lengths({"core/base/a.c": short}), [])
        self.assertEqual(len(lint.check_lengths({"core/base/a.c": long})), 1)
        self.assertEqual(lint.check_lengths({"core/base/a.c": long, **allow}), [])
        self.assertEqual(len(lint.check_lengths({"core/base/a.c": short, **allow})), 1)
        self.assertEqual(len(lint.check_lengths({"core/base/a.c": long, lint.LONG_FILES: "core/base/a.c:\n"})), 1)
        self.assertEqual(lint.check_lengths({"core/notice/schema.def": long}), [])

    def test_samples(self):
        self.assertEqual(len(lint.check_samples({"formats/x.yaml": ""})), 1)
        self.assertEqual(len(lint.check_samples({"formats/x.yaml": "", "tests/golden/xy/in.csv": ""})), 1)
        self.assertEqual(lint.check_samples({"formats/x.yaml": "", "tests/golden/x/in.csv": "",
                                             "formats/codes/sex.yaml": ""}), [])


class Whole(unittest.TestCase):
    def test_every_check_runs(self):
        checks = {name for name in dir(lint) if name.startswith("check_")}
        self.assertEqual(checks, {check.__name__ for check in lint.CHECKS})


if __name__ == "__main__":
    unittest.main(verbosity=1)
