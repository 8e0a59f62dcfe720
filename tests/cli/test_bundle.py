# SPDX-License-Identifier: Apache-2.0
"""Archives in: what is converted, what is refused, what breaks the whole. The archives are made here."""
import hashlib
import io
import json
import struct
import sys
import tarfile
import zipfile
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, Case

CSV = (GOLDEN / "ameripol" / "personas.csv").read_bytes()
NOTICE = ('{"notice":{"id":"%s","type":"warn","issuer":"X"},"subject":[{"kind":"person","name":[{"full":"A"}]}]}\n')
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(200))


def lines(*ids):
    return "".join(NOTICE % one for one in ids).encode()


def make_zip(members, **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", more.pop("compression", zipfile.ZIP_DEFLATED), **more) as archive:
        for name, data in members:
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name), data,
                             zipfile.ZIP_DEFLATED)
    return out.getvalue()


def make_tar(members, mode="", tar_format=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{mode}", format=tar_format) as archive:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def special(name, kind, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


GOOD = [("a.jsonl", lines(1, 2)), ("folder/b.jsonl", lines(3))]


class Bundles(Case):
    def convert(self, data, name="in.zip", *args, status=0):
        self.write(name, data)
        before = self.files()
        result = self.run_program("convert", "--log-format", "json", "-t", "notice-jsonl", *args, name, status=status)
        self.assertEqual(self.files(), before, "a conversion to standard output leaves no file")
        return result

    def ids(self, result):
        return [notice["notice"]["id"] for notice in result.notices()]

    def test_kinds(self):
        """Every kind of archive gives the same, also through a pipe."""
        archives = {"in.zip": make_zip(GOOD), "in.tar": make_tar(GOOD), "in.tgz": make_tar(GOOD, "gz"),
                    "in.txz": make_tar(GOOD, "xz"), "gnu": make_tar(GOOD, "", tarfile.GNU_FORMAT),
                    "ustar": make_tar(GOOD, "", tarfile.USTAR_FORMAT)}
        for name, data in archives.items():
            with self.subTest(name=name):
                self.assertEqual(self.ids(self.convert(data, name)), ["1", "2", "3"])
                piped = self.run_program("convert", "-t", "notice-jsonl", stdin=data)
                self.assertEqual(self.ids(piped), ["1", "2", "3"])

    def test_stored_and_streamed_zip(self):
        """Without compression, and with sizes behind the members, as writers to a pipe do it."""
        class Pipe(io.RawIOBase):
            def __init__(self):
                super().__init__()
                self.data = bytearray()

            def writable(self):
                return True

            def write(self, data):
                self.data += data
                return len(data)
        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in GOOD:
                archive.writestr(name, data)
        self.assertEqual(self.ids(self.convert(bytes(pipe.data))), ["1", "2", "3"])
        stored = io.BytesIO()
        with zipfile.ZipFile(stored, "w") as archive:
            for name, data in GOOD:
                archive.writestr(name, data)
        self.assertEqual(self.ids(self.convert(stored.getvalue())), ["1", "2", "3"])

    def test_names(self):
        """Names beyond ASCII are text, whatever the locale; those of no known charset are told by their bytes."""
        members = [("ñandú/имя.jsonl", lines(1))]
        for name, data in (("in.zip", make_zip(members)), ("pax.tar", make_tar(members)),
                           ("gnu.tar", make_tar(members, "", tarfile.GNU_FORMAT))):
            for locale in ("C", "C.UTF-8"):
                with self.subTest(name=name, locale=locale):
                    self.write(name, data)
                    done = self.run_program("convert", "-v", "-t", "notice-jsonl", "--provenance", name, env={"LC_ALL": locale})
                    told = done.notices()[0]["provenance"]
                    self.assertEqual((told["file"], told["member"]), (name, "ñandú/имя.jsonl"))
        legacy = make_tar([("x.jsonl", lines(1))]).replace(b"x.jsonl", b"\xcd.jsonl", 1)
        legacy = self.with_checksum(legacy)
        self.write("in.tar", legacy)
        told = self.run_program("convert", "-t", "notice-jsonl", "--provenance", "in.tar").notices()[0]["provenance"]
        self.assertEqual(told["member"], "%CD.jsonl")

    @staticmethod
    def with_checksum(data):
        head = data[:148] + b" " * 8 + data[156:512]
        return data[:148] + b"%06o\0 " % sum(head) + data[156:]

    def test_one_member(self):
        self.write("in.zip", make_zip(GOOD))
        self.assertEqual(self.ids(self.run_program("convert", "-t", "notice-jsonl", "in.zip:folder/b.jsonl")), ["3"])
        done = self.run_program("convert", "--log-format", "json", "-t", "notice-jsonl", "in.zip:c.jsonl", status=3)
        self.assertIn("bundle-no-member", done.codes())
        self.write("in.zip:folder", lines(9))
        self.assertEqual(self.ids(self.run_program("convert", "-t", "notice-jsonl", "in.zip:folder")), ["9"])

    def test_validate_and_inspect(self):
        self.write("in.zip", make_zip(GOOD))
        self.run_program("validate", "in.zip")
        shown = self.run_program("inspect", "--json", "in.zip").out
        self.assertEqual(len(harness.lines(shown)), 2)

    def test_format_given(self):
        """With -f members of another format are not read as it, and a text beside them is no notices."""
        data = make_zip([("a.jsonl", lines(1)), ("p.csv", CSV), ("README", b"hello\n")])
        done = self.convert(data, "in.zip", "-f", "notice-jsonl")
        self.assertEqual(self.ids(done), ["1"])
        self.assertEqual(done.codes().count("bundle-member-unknown"), 2)

    def refused(self, data, code, name="in.zip", wanted=("1", "2", "3"), args=()):
        """One member costs itself, and the status is 1."""
        done = self.convert(data, name, *args, status=1)
        self.assertEqual(self.ids(done), list(wanted), code)
        self.assertIn(code, done.codes())
        return done

    def test_bad_names(self):
        for name in ("../evil.jsonl", "/etc/evil.jsonl", "a/../../evil.jsonl", "C:/evil.jsonl", "a\\..\\evil.jsonl", "a\nb.jsonl",
                     "A.jsonl", "a.jsonl", "FOLDER/b.jsonl"):
            with self.subTest(name=name):
                self.refused(make_zip([*GOOD, (name, lines(4))]), "bundle-name")
                self.refused(make_tar([*GOOD, (name, lines(4))]), "bundle-name", "in.tar")
        self.refused(make_tar([*GOOD, ("n" * 1100, lines(4))]), "bundle-over-limit", "in.tar")

    def test_bad_members(self):
        for kind, link in ((tarfile.SYMTYPE, "/etc/passwd"), (tarfile.LNKTYPE, "a.jsonl"), (tarfile.CHRTYPE, ""),
                           (tarfile.BLKTYPE, ""), (tarfile.FIFOTYPE, "")):
            with self.subTest(kind=kind):
                self.refused(make_tar([*GOOD, (special("x.jsonl", kind, link), b"")]), "bundle-member-refused", "in.tar")
        link = zipfile.ZipInfo("x.jsonl")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        self.refused(make_zip([*GOOD, (link, b"/etc/passwd")]), "bundle-member-refused")
        self.refused(make_zip([*GOOD, ("inner.zip", make_zip(GOOD))]), "bundle-nested")
        self.refused(make_zip([*GOOD, ("inner.7z", b"7z\xbc\xaf\x27\x1c")]), "bundle-nested")

    def test_encrypted(self):
        data = bytearray(make_zip([*GOOD, ("secret.jsonl", lines(4))]))
        local = data.rindex(b"PK\3\4")
        central = data.rindex(b"PK\1\2")
        data[local + 6] |= 1
        data[central + 8] |= 1
        self.refused(bytes(data), "bundle-encrypted")

    def test_damaged_member(self):
        data = bytearray(make_zip([("x.jsonl", lines(4)), *GOOD]))
        data[40] ^= 0x55
        self.refused(bytes(data), "bundle-member-refused")

    def broken(self, data, code, name="in.zip", args=()):
        """The whole archive is of no use, and nothing is written."""
        done = self.convert(data, name, *args, status=3)
        self.assertEqual(done.out, b"")
        self.assertIn(code, done.codes())
        return done

    def test_truncated(self):
        whole = {"in.zip": make_zip(GOOD), "in.tar": make_tar(GOOD), "in.tgz": make_tar(GOOD, "gz"), "in.txz": make_tar(GOOD, "xz")}
        for name, data in whole.items():
            size = 2048 if name == "in.tar" else len(data)  # behind that there is padding
            for cut in (5, 9, 15):
                with self.subTest(name=name, cut=cut):
                    self.write(name, data[:size * cut // 16])
                    done = self.run_program("convert", "--log-format", "json", "-t", "notice-jsonl", name, status=3)
                    self.assertEqual(done.out, b"")
        self.broken(whole["in.zip"][:-1], "bundle-truncated")
        self.broken(whole["in.tgz"][:-1], "bundle-damaged", "in.tgz")
        no_end = whole["in.tar"].rstrip(b"\0")
        self.broken(no_end + b"\0" * (-len(no_end) % 512), "bundle-truncated", "in.tar")

    def test_keep_partial(self):
        data = make_tar([("a.jsonl", lines(1)), ("b.jsonl", lines(2) * 20)])
        self.write("in.tar", data[:512 * 4 + 700])
        self.run_program("convert", "-t", "notice-jsonl", "-o", "out", "in.tar", status=3)
        self.assertNotIn("out", self.files())
        self.run_program("convert", "-t", "notice-jsonl", "--keep-partial", "-o", "out", "in.tar", status=3)
        self.assertEqual([notice["notice"]["id"] for notice in harness.lines((self.folder / "out").read_bytes())], ["1"])

    def test_contradictions(self):
        good, other = make_zip(GOOD), make_zip([("evil.jsonl", lines(6))])
        self.broken(good + other, "bundle-contradicts")
        self.broken(b"PK\3\4prefix" + good, "bundle-contradicts")
        self.broken(good + b"suffix", "bundle-truncated")
        renamed = bytearray(good)
        renamed[renamed.index(b"a.jsonl")] = ord("b")
        self.broken(bytes(renamed), "bundle-contradicts")
        resized = bytearray(good)
        struct.pack_into("<I", resized, resized.index(b"PK\1\2") + 24, 5)
        self.broken(bytes(resized), "bundle-contradicts")
        # both entries of the directory speak of the first member
        overlap = bytearray(make_zip([("a.jsonl", lines(1)), ("b.jsonl", lines(2))]))
        second = overlap.rindex(b"PK\1\2")
        struct.pack_into("<I", overlap, second + 42, 0)
        self.broken(bytes(overlap), "bundle-contradicts")
        fewer = bytearray(good)
        struct.pack_into("<HH", fewer, fewer.rindex(b"PK\5\6") + 8, 1, 1)
        self.broken(bytes(fewer), "bundle-contradicts")
        self.broken(make_tar(GOOD) + make_tar([("evil.jsonl", lines(6))]), "bundle-trailing", "in.tar")
        split = bytearray(good)
        struct.pack_into("<H", split, split.rindex(b"PK\5\6") + 4, 1)
        self.broken(bytes(split), "bundle-unsupported")

    def test_gzip_checksum(self):
        """A changed byte that still inflates is seen by the checksum alone."""
        tar = make_tar(GOOD)
        packed = zlib.compressobj(0, zlib.DEFLATED, 31)
        data = bytearray(packed.compress(tar) + packed.flush())
        at = data.index(b'"X"')
        data[at + 1] = ord("Y")
        self.broken(bytes(data), "bundle-damaged", "in.tgz")

    def test_bombs(self):
        zeros = b" " * (80 << 20)
        self.broken(make_zip([*GOOD, ("z", zeros)]), "bundle-over-limit")
        self.broken(make_tar([*GOOD, ("z", zeros)], "gz"), "bundle-over-limit", "in.tgz")
        self.broken(make_zip(GOOD), "bundle-over-limit", args=("--bundle-limit", "total=100"))
        self.broken(make_zip(GOOD), "bundle-over-limit", args=("--bundle-limit", "members=1"))
        self.broken(make_tar(GOOD), "bundle-over-limit", "in.tar", ("--bundle-limit", "members=1"))
        self.refused(make_zip([*GOOD, ("z.jsonl", lines(4) * 99)]), "bundle-over-limit", args=("--bundle-limit", "member=1000"))
        inner = zlib.compress(b"", wbits=31)
        self.broken(zlib.compress(zlib.compress(make_tar(GOOD), wbits=31), wbits=31), "bundle-damaged", "in.tgz")
        self.broken(inner, "bundle-damaged", "in.tgz")
        self.convert(make_zip(GOOD), "in.zip", "--bundle-limit", "depth=1", status=2)

    def test_empty(self):
        self.broken(make_zip([]), "bundle-empty")
        self.broken(make_tar([]), "bundle-empty", "in.tar")
        self.broken(make_zip([("README", b"hello\n"), ("p.jpg", JPEG)]), "bundle-empty")

    def test_other_archives(self):
        for head in (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\7\0", b"BZh91AY&SY", b"MSCF\0\0\0\0", b"LRZI\0\6"):
            with self.subTest(head=head):
                self.broken(head + bytes(600), "bundle-unsupported", "in.zip")

    def test_unclaimed(self):
        done = self.convert(make_zip([*GOOD, ("p.jpg", JPEG), ("README", b"hello\n")]))
        self.assertEqual(sorted(code for code in done.codes() if code != "summary"), ["bundle-member-unknown", "media-unclaimed"])

    def test_many_members(self):
        data = make_zip([(f"{n}.jsonl", lines(n)) for n in range(3000)])
        self.assertEqual(len(self.convert(data).notices()), 3000)


def notice(number, media=""):
    return ('{"notice":{"id":"%s","type":"wanted","issuer":"X"%s},"subject":[{"kind":"person","name":[{"kind":"primary","family":"A"}]}]}\n'
            % (number, media))


def named(*members, **more):
    return ',"media":[%s]' % ",".join(json.dumps({"kind": "photo", "member": member, **more}) for member in members)


class Media(Case):
    """Media of notices, from one bundle to the next."""

    def members(self, name):
        path = self.folder / name
        if name.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                return {info.filename: archive.read(info) for info in archive.infolist()}
        with tarfile.open(path) as archive:
            return {info.name: archive.extractfile(info).read() for info in archive.getmembers()}

    def source(self, *more, first=named("pics/a.jpg")):
        return make_zip([("n.jsonl", (notice("2026/1", first) + notice("2026/2") + notice("é")).encode()), ("pics/a.jpg", JPEG),
                         ("media/photo/2026-1.jpg", JPEG + b"1"), ("media/photo/2026-1-2.png", b"\x89PNG\r\n\x1a\n"),
                         ("media/fingerprint/%C3%A9.wsq", b"\xff\xa0\xff\xa8"), *more])

    def convert(self, data, *args, status=0):
        self.write("in.zip", data)
        return self.run_program("convert", "--log-format", "json", *args, "in.zip", status=status)

    def test_links(self):
        done = self.convert(self.source(), "-t", "notice-jsonl")
        first, second, third = (one["notice"].get("media", []) for one in done.notices())
        self.assertEqual([one["member"] for one in first], ["pics/a.jpg", "media/photo/2026-1-2.png", "media/photo/2026-1.jpg"])
        self.assertEqual(first[0], {"kind": "photo", "member": "pics/a.jpg", "media_type": "image/jpeg", "bytes": str(len(JPEG)),
                                    "digest": "sha256:" + hashlib.sha256(JPEG).hexdigest()})
        self.assertEqual(second, [])
        self.assertEqual((third[0]["kind"], third[0]["media_type"]), ("fingerprint", "image/x-wsq"))
        self.assertEqual(set(done.codes()), {"media-left", "summary"})

    def test_missing_and_different(self):
        done = self.convert(self.source(first=named("pics/a.jpg", digest="sha256:" + 64 * "0")), "-t", "notice-jsonl")
        self.assertIn("media-differs", done.codes())
        done = self.convert(self.source(first=named("pics/b.jpg")), "-t", "notice-jsonl")
        self.assertIn("media-missing", done.codes())
        self.assertIn("media-unclaimed", done.codes())

    def test_bundle_out(self):
        """Every kind: the layout, the bytes of the media, a manifest that is right, and twice the same bytes."""
        wanted = {"images/2026-1.jpg": JPEG, "images/2026-1.png": b"\x89PNG\r\n\x1a\n", "images/2026-1-2.jpg": JPEG + b"1",
                  "fingerprints/%C3%A9.wsq": b"\xff\xa0\xff\xa8"}
        for name in ("out.zip", "out.tar", "out.tar.gz", "out.tar.xz", "out.tgz"):
            with self.subTest(name=name):
                self.convert(self.source(), "-t", "interpol", "--verify", "1", "-o", name)
                once = (self.folder / name).read_bytes()
                self.write("in.zip", self.source())
                self.run_program("convert", "-t", "interpol", "-o", name, "in.zip", env={"TZ": "Asia/Tokyo", "LC_ALL": "C"})
                self.assertEqual((self.folder / name).read_bytes(), once)
                members = self.members(name)
                manifest = json.loads(members["manifest.json"])
                self.assertEqual({key: value for key, value in members.items() if "/" in key}, wanted)
                self.assertEqual((manifest["format"], manifest["notices"], manifest["media"]), ("interpol", 3, 4))
                self.assertEqual([(one["name"], one["bytes"], one["sha256"]) for one in manifest["members"]],
                                 [(key, len(value), hashlib.sha256(value).hexdigest()) for key, value in members.items()
                                  if key != "manifest.json"])
                self.assertEqual(json.loads(members["interpol.json"])[0]["images"][0], "images/2026-1.jpg")
        self.assertFalse([name for name in self.files() if name.startswith(".")])

    def test_there_and_back(self):
        """Through a target whose records have no place for media they come back by their names."""
        self.convert(self.source(), "-t", "ameripol", "-o", "a.zip")
        self.run_program("convert", "-t", "notice-jsonl", "-o", "b.tar.xz", "a.zip")
        back = self.members("b.tar.xz")
        digests = {hashlib.sha256(value).hexdigest() for value in self.members("in.zip").values()}
        kept = {hashlib.sha256(value).hexdigest() for name, value in back.items() if name.startswith("media/")}
        self.assertEqual(len(kept), 4)
        self.assertLess(kept, digests)

    def test_rejected(self):
        """What is rejected brings nothing along, and its names are free."""
        bad = notice("2026/1", ',"published":"soon"' + named("pics/a.jpg")) + notice("2026/1", named("pics/b.jpg"))
        data = make_zip([("n.jsonl", bad.encode()), ("pics/a.jpg", JPEG), ("pics/b.jpg", JPEG + b"b")])
        self.convert(data, "-t", "interpol", "--strict", "-o", "out.zip", status=1)
        self.assertEqual([name for name in self.members("out.zip") if "/" in name], ["images/2026-1.jpg"])
        self.assertEqual(self.members("out.zip")["images/2026-1.jpg"], JPEG + b"b")

    def test_nothing_published(self):
        self.convert(self.source(), "-t", "interpol", "--max-loss", "none", "-o", "out.zip", status=6)
        self.assertNotIn("out.zip", self.files())
        self.run_program("convert", "-t", "interpol", "-o", "/dev/full", "in.zip", status=4)

    def test_definition(self):
        """A name that does not say whose medium it is is refused."""
        text = "format: x\ntitle: T\nstatus: modelled\nengine: json\nmedia: {%s}\nrecords:\n  - at: \"\"\n    map: {N: notice.id}\n"
        for media, status in (('photo: "p/{notice.id}{-n}.{ext}"', 0), ('photo: "p/{notice.id}{-n}.jpg"', 0),
                              ('photo: "p/{-n}.{ext}"', 5), ('photo: "p/{notice.id}.{ext}"', 5), ('picture: "{notice.id}{-n}"', 5),
                              ('photo: "../{notice.id}{-n}"', 5), ('photo: "/{notice.id}{-n}"', 5), ('photo: "{notice.id}{-n}{x}"', 5)):
            with self.subTest(media=media):
                self.write("x.yaml", text % media)
                self.run_program("formats", "--check", "x.yaml", status=status)


if __name__ == "__main__":
    harness.main()
