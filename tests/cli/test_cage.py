# SPDX-License-Identifier: Apache-2.0
"""A conversion runs in a process that is locked before it reads; what a hostile plugin does there costs its file only.

The plugin is the example of dragoman-plugin(3) with one statement at the beginning of its reader_next.
"""
import os
import re
import shutil
import subprocess
import unittest

import harness
from harness import GOLDEN, Case

LOCKED = b"seccomp" in harness.dragoman("sandbox").out.splitlines()[0] if harness.PROGRAM else False
SANITIZED = harness.sanitized()

# A system call after the lock that would reach for something; the filter would end the process at any of them.
REACHES = re.compile(r"\b(open|openat|openat2|creat|socket|connect|execve|execveat|clone|clone3|fork|vfork|stat|newfstatat|"
                     r"readlink|unlink|rename|ptrace|kill)\(")

HOSTILE = (
    ("open(\"/etc/passwd\", O_RDONLY)", "worker-forbidden"),
    ("socket(AF_INET, SOCK_STREAM, 0)", "worker-forbidden"),
    ("fork()", "worker-forbidden"),
    ("system(\"true\")", "worker-forbidden"),
    ("kill(getppid(), SIGKILL)", "worker-forbidden"),
    ("write(2, \"secret\", 6)", "worker-forbidden"),
    ("for (int fd = 0; fd < 64; fd++) lseek(fd, 0, SEEK_END)", "worker-forbidden"),
    ("mmap(0, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)", "worker-forbidden"),
    ("__builtin_trap()", "worker-died"),
    ("_exit(0)", "worker-incomplete"),
    ("for (;;) sched_yield()", "limit-cpu"),
)


class Cage(Case):
    def plugin(self, statement):
        """The options by which a plugin of one's own reads in.lines."""
        if not shutil.which("cc"):
            self.skipTest("there is no C compiler")
        page = (harness.SOURCE / "man/dragoman-plugin.3").read_text(encoding="utf-8")
        blocks = [block.replace("\\e", "\\") for block in
                  re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed", page[page.index(".Sh EXAMPLES"):], re.S | re.M)]
        function = re.search(r"\.reader_next = (\w+)", blocks[0]).group(1)
        code, count = re.subn(rf"({function}\([^;{{]*\)\s*\{{)", lambda found: f"{found.group(1)} {statement};", blocks[0], count=1)
        self.assertEqual(count, 1)
        heads = "unistd signal fcntl sched stdlib sys/mman sys/socket".split()
        self.write("lines.c", "".join(f"#include <{head}.h>\n" for head in heads) + code)
        subprocess.run(["cc", "-std=gnu17", "-w", "-shared", "-fPIC", "-fvisibility=hidden", f"-I{harness.SOURCE}/core/include",
                        "-D_GNU_SOURCE", "lines.c", "-o", "lines.so"], cwd=self.folder, check=True)
        (self.folder / "lines.so").chmod(0o755)
        name = re.search(r"format: (\S+)", blocks[1]).group(1)
        self.write(f"{name}.yaml", blocks[1])
        self.write("in.lines", "A-1\n")
        return "--plugin-dir", ".", "--format-dir", ".", "-f", name

    def convert(self, *args, status=0, **more):
        return self.run_program("convert", "-t", "notice-jsonl", "-o", "out.jsonl", *args, status=status, **more)

    @unittest.skipUnless(LOCKED, "this system has no seccomp filters")
    def test_hostile_plugins(self):
        for statement, code in HOSTILE:
            with self.subTest(statement=statement):
                options = self.plugin(statement)
                self.write("out.jsonl", "as it was\n")
                result = self.convert(*options, "--max-cpu", "1", "in.lines", status=7)
                self.assertIn(f"[{code}]", result.err)
                self.assertIn("in.lines", result.err)
                self.assertNotIn("secret", result.err)
                self.assertEqual((self.folder / "out.jsonl").read_text(), "as it was\n")
                self.assertEqual([name for name in self.files() if name.startswith(".dragoman")], [])
        self.convert(*self.plugin(""), "in.lines")
        self.assertIn("--max-cpu allows, 1 second", self.convert(*self.plugin("for (;;) sched_yield()"), "--max-cpu", "1", "in.lines",
                                                                status=7).err)

    @unittest.skipIf(SANITIZED, "sanitizers map more memory than any limit")
    def test_memory(self):
        result = self.convert(*self.plugin("for (char *at;;) { at = malloc(1 << 20); if (!at) abort(); at[0] = 1; }"),
                              "--max-memory", "64", "in.lines", status=7)
        self.assertIn("[worker-died]", result.err)
        self.write("long.jsonl", '{"notice":{"id":"1","summary":"' + "x" * (20 << 20) + '"}}\n')
        result = self.convert("--max-memory", "32", "--from-option", "max-record=100000000", "long.jsonl", status=4)
        self.assertIn("memory ran out; --max-memory is 32 MiB", result.err)

    def test_off(self):
        options = self.plugin("if (getppid() == 1) abort(); close(open(\"/dev/null\", O_RDONLY))")
        self.convert(*options, "--sandbox", "off", "in.lines")
        self.assertIn("was not locked", self.convert(*options, "--sandbox", "off", "-v", "in.lines").err)
        self.convert(*options, "--sandbox", "perhaps", "in.lines", status=2)

    def test_what_is_in_force_is_told(self):
        sample = GOLDEN / "un-sc" / "sample.xml"
        said = self.convert("-v", "--report", "report.json", sample).err
        there = harness.dragoman("sandbox").out.decode().splitlines()[0].split(": ")[1]
        self.assertIn(f"locked by {there}", said)
        self.assertIn(f'"sandbox":"{there}"', (self.folder / "report.json").read_text())
        locked = (self.folder / "out.jsonl").read_bytes()
        self.convert("--sandbox", "off", "--report", "report.json", sample)
        self.assertIn('"sandbox":"off"', (self.folder / "report.json").read_text())
        self.assertEqual((self.folder / "out.jsonl").read_bytes(), locked)

    @unittest.skipUnless(LOCKED, "this system has no seccomp filters")
    def test_trace(self):
        """Nothing is reached for behind the lock, and the input is not read before it."""
        if not shutil.which("strace"):
            self.skipTest("there is no strace")
        for sample, more in (("un-sc/sample.xml", ["--verify", "1"]), ("interpol/red-details.json", []), ("ameripol/personas.csv", [])):
            path = GOLDEN / sample
            trace = self.folder / "trace"
            done = subprocess.run(["strace", "-f", "-o", str(trace), harness.PROGRAM, "convert", "-t", "un-sc", "-o", "out.xml",
                                   *more, str(path)], cwd=self.folder, env=harness.environment(), capture_output=True, check=False)
            if b"ptrace" in done.stderr and done.returncode:
                self.skipTest("strace may not trace here")
            locked, opened, read_before = set(), None, []
            for line in trace.read_text(errors="replace").splitlines():
                pid, call = line.split(None, 1)
                if "SECCOMP_SET_MODE_FILTER" in call and "= 0" in call:
                    locked.add(pid)
                elif pid in locked:
                    self.assertIsNone(REACHES.match(call), f"{sample}: {call}")
                elif str(path) in call and call.startswith("openat") and "= " in call:
                    opened = call.rsplit("= ", 1)[1].strip()
                elif opened and re.match(rf"(read|pread64)\({opened},", call):
                    read_before.append(call)
            self.assertEqual(len(locked), 2, f"{sample}: {done.stderr}")
            self.assertEqual(read_before, [], sample)

    def test_pipes_and_places(self):
        """Input through a pipe, from the middle of a file, and several at once: the same notices as without the lock."""
        sample = (GOLDEN / "un-sc" / "sample.xml").read_bytes()
        self.convert("--sandbox", "off", "-q", "-", stdin=sample)
        expected = (self.folder / "out.jsonl").read_bytes()
        for options in ([], ["-f", "un-sc"]):
            self.convert("-q", *options, stdin=sample)
            self.assertEqual((self.folder / "out.jsonl").read_bytes(), expected)
            self.write("behind", b"not of it\n" + sample)
            fd = os.open(self.folder / "behind", os.O_RDONLY)
            os.lseek(fd, 10, os.SEEK_SET)
            done = subprocess.run([harness.PROGRAM, "convert", "-q", "-t", "notice-jsonl", *options], stdin=fd, capture_output=True,
                                  cwd=self.folder, env=harness.environment(), check=False)
            os.close(fd)
            self.assertEqual(done.stdout, expected)
        self.write("a.xml", sample)
        self.convert("-q", *["a.xml"] * 300)
        self.assertEqual((self.folder / "out.jsonl").read_bytes(), expected * 300)

    def test_environment(self):
        """Nothing in the environment changes bytes, modes, or what is loaded."""
        sample = GOLDEN / "un-sc" / "sample.xml"
        self.write("evil.c", "#include <unistd.h>\n__attribute__((constructor)) static void f(void) { write(1, \"evil\", 4); }\n")
        steer = {"LANG": "tr_TR.UTF-8", "LC_ALL": "ar_EG.UTF-8", "TZ": "Asia/Tehran", "GCONV_PATH": ".", "ICU_DATA": ".",
                 "XML_CATALOG_FILES": "catalog.xml", "SGML_CATALOG_FILES": "catalog.xml", "http_proxy": "http://127.0.0.1:9",
                 "TMPDIR": "/nowhere", "LD_BIND_NOW": "1", "MALLOC_PERTURB_": "85", "HOME": "/nowhere", "CALENDAR": "islamic"}
        self.write("catalog.xml", "<catalog/>")
        for target in ("notice-jsonl", "ameripol", "un-sc"):
            outputs = []
            for env, mask in (({}, 0o022), (steer, 0), (steer, 0o777)):
                self.run_program("convert", "-q", "-t", target, "-o", "out", "--rejects", "rejects", "--report", "report", sample,
                                 env=env, preexec_fn=lambda mask=mask: os.umask(mask) and None, status=(0, 1))
                outputs.append([(self.folder / name).read_bytes() for name in ("out", "report")])
                for name in ("out", "rejects", "report"):
                    self.assertEqual((self.folder / name).stat().st_mode & 0o7777, 0o600, f"{name}, umask {mask:o}")
                    (self.folder / name).unlink()
            self.assertEqual(outputs[0], outputs[1], target)
            self.assertEqual(outputs[0], outputs[2], target)

    def test_no_core(self):
        """A worker that crashes leaves no memory behind."""
        import resource
        options = self.plugin("abort()")
        self.convert(*options, "in.lines", status=7,
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
                     if resource.getrlimit(resource.RLIMIT_CORE)[1] == resource.RLIM_INFINITY else None)
        self.assertEqual([name for name in self.files() if "core" in name], [])


if __name__ == "__main__":
    harness.main()
