# SPDX-License-Identifier: Apache-2.0
"""Nothing that a hostile plugin could try is allowed inside the cage, by the program's own test of it."""
import re

import harness
from harness import dragoman


class SelfTest(harness.Case):
    def test_nothing_is_allowed_within(self):
        result = dragoman("sandbox", "--self-test")
        text = result.out.decode()
        rows = re.findall(r"^(\w+) {2,}(.+?) {2,}(\S.*?) {2,}(\S.*)$", text, re.M)[1:]
        if "seccomp" not in text.splitlines()[0]:
            harness.skip("this system has no seccomp filters")
        self.assertEqual(result.status, 0, text)
        self.assertGreaterEqual(len(rows), 38, text)
        self.assertEqual([row for row in rows if row[3] == "allowed"], [])
        # A probe that is stopped by its own mistake shows nothing: most succeed where nothing stops them.
        self.assertGreaterEqual(sum(row[2] == "allowed" for row in rows), 38, text)
        for call in ("openat", "socket", "execve", "clone", "ptrace", "io_uring_setup", "memfd_create", "read"):
            self.assertIn(call, {row[0] for row in rows})

    def test_without_a_test_it_says_what_there_is(self):
        self.assertIn(b"this system has: ", dragoman("sandbox").out)
        self.assertEqual(dragoman("sandbox", "file").status, 2)


if __name__ == "__main__":
    harness.main()
