# SPDX-License-Identifier: Apache-2.0
"""Every sample is recognised by its content as what it is and as nothing else; pieces and strangers are not."""
import gzip
import io
import itertools
import json
import random
import re
import sys
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, SOURCE, Case, dragoman

STRANGERS = {
    "empty": b"", "blank": b"\n\n  \n", "zeros": bytes(5000), "noise": random.Random(7).randbytes(5000),
    "text": b"Wanted: nobody.\nThis is a letter; it has semicolons, commas, and\tone tab.\n",
    "mail": b"From: a@example.org\r\nSubject: Name, Sex, Date of birth\r\n\r\nNothing.\r\n",
    "csv": b"id,name,amount\n1,A,2\n", "semicolons": "Größe;Länge;Stück\n1;2;3\n".encode("windows-1252"),
    "generic": b"Name,Sex,Date of birth,Nationality\nA,M,1970-01-01,XX\n", "tabs": b"a\tb\tc\n1\t2\t3\n",
    "arabic": "الرقم;التاريخ;المبلغ\n1;2;3\n".encode("windows-1256"),
    "html": b"<!DOCTYPE html><html><head><title>notices</title></head><body><list/></body></html>",
    "rss": b'<?xml version="1.0"?><rss version="2.0"><channel><title>Wanted</title><item/></channel></rss>',
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>',
    "soap": b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><report/></s:Body></s:Envelope>',
    "report": b"<report><date>2020</date><total>3</total></report>", "entry": b"<entry><name>A</name></entry>",
    "list": b"<list><entry><id>1</id></entry></list>", "root": b"<root/>", "feed": b"<feed><entry/></feed>",
    "hal": b'{"_links":{"self":{"href":"/x"}},"total":1}', "geojson": b'{"type":"FeatureCollection","features":[]}',
    "names": b'[{"id":1,"name":"A","type":"x"}]', "object": b"{}", "array": b"[]", "number": b"17", "quoted": b'"a"',
    "pdf": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "elf": b"\x7fELF\2\1\1",
    "gzip": gzip.compress(b"a,b\n1,2\n", mtime=0),
}


def archive():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("a.txt", "a,b\n1,2\n")
    return data.getvalue()


def samples():
    for entry in json.loads(dragoman("formats", "--json").out):
        for path in sorted((GOLDEN / entry["format"]).iterdir()):
            if path.is_file() and path.suffix != ".md":
                yield entry, path


def pieces(engine, data):
    """What is left of a file when its beginning is cut off, or its end soon after the beginning."""
    if engine == "csv":
        end = re.search(rb"\r\n|\r|\n", data)
        yield "without its first line", data[end.end():]
        yield "half of its header", data[:end.start() // 2]
        yield "its header but for the line end", data[:end.start()]
    elif engine == "xml":
        root = re.search(rb"<[^?!][^>]*>", data)
        yield "without its root's tag", data[root.end():].lstrip()
        yield "half of its root's tag", data[:(root.start() + root.end()) // 2]
    else:
        yield "its first characters", data[:data.index(b'"') + 4]
        yield "the inside of a text", data[data.index(b'":') + 2:].lstrip()[:40]


class Detection(Case):
    def detect(self, data):
        result = dragoman("detect", "--json", "-", stdin=data)
        answer = json.loads(result.out)
        self.assertEqual(result.status, 0 if "format" in answer else 3)
        return answer

    def test_samples_are_their_own_and_no_other(self):
        for entry, path in samples():
            with self.subTest(path=path.relative_to(GOLDEN)):
                answer = self.detect(path.read_bytes())
                first, *others = answer["candidates"]
                self.assertEqual((answer.get("format"), first["format"], first["match"]),
                                 (entry["format"], entry["format"], "certain"))
                for other in others:
                    self.assertEqual(other["match"], "weak", other)

    def test_pieces_are_nothing(self):
        for entry, path in samples():
            for what, data in pieces(entry["engine"], path.read_bytes()):
                with self.subTest(path=path.relative_to(GOLDEN), what=what):
                    answer = self.detect(data)
                    self.assertNotIn("format", answer, answer)

    def test_strangers_are_nothing(self):
        for name, data in {**STRANGERS, "zip": archive()}.items():
            with self.subTest(name=name):
                self.assertNotIn("format", self.detect(data))
                path = self.write("in", data)
                self.run_program("convert", "-q", "-t", "notice-jsonl", "-o", "out", path, status=3)
                self.assertEqual(self.files(), ["in"])

    def test_headers_under_other_names(self):
        for format, header in (
                ("europol", "Ref.,Full name,AKA,DOB,Offence,Citizenship,Case state"),
                ("europol", "ID,Surname,Forenames,Birth date,Offences,Handling codes,Evaluation code"),
                ("afripol", "Référence AFRIPOL;Type d'avis;Prénom;Date et lieu de naissance;Nationality;Infraction"),
                ("afripol", "Reference;Notice type;First name;Date and place of birth;Nationality;Crime"),
                ("afripol", "Referência;Tipo de aviso;Nome próprio;Data e local de nascimento;Nacionalidade;Infração"),
                ("afripol", "الرقم المرجعي;نوع النشرة;الاسم;تاريخ ومكان الولادة;الجنسية;التهمة"),
                ("ameripol", "Número do processo;Prenome;Sobrenome paterno;Data nascimento;Tipificação penal"),
                ("ameripol", "Expediente;Nombres;Apellido paterno;Fecha de nacimiento;Delitos"),
                ("sco-cn", "姓名,XB,出生日期,GMSFHM,户籍地址"),
        ):
            with self.subTest(header=header):
                answer = self.detect(header.encode() + b"\n")
                self.assertEqual((answer.get("format"), answer["candidates"][0]["format"]), (format, format))

    def test_no_header_under_other_names_is_of_another_format(self):
        for path in sorted((SOURCE / "formats").glob("*.yaml")):
            definition = yaml.load(path.read_bytes(), yaml.BaseLoader)
            detect = definition.get("detect", [])
            names = {}
            for shape in definition["records"]:
                for key, node in shape.get("map", {}).items():
                    if isinstance(node, dict) and "aliases" in node:
                        names.setdefault(key.lower(), set()).update([key, *node["aliases"]])
            for entry in detect if isinstance(detect, list) else [detect]:
                columns = entry.get("columns", [])
                others = [sorted({column, *(name for known in names.values() for name in known
                                            if column.lower() in (word.lower() for word in known))})
                          for column in columns]
                for turn in range(max(map(len, others), default=0)):
                    header = [words[turn % len(words)] for words in others]
                    with self.subTest(format=path.stem, header=header):
                        answer = self.detect(b"\xef\xbb\xbf" + entry.get("delimiter", ",").join(header).encode() + b"\n")
                        self.assertIn(answer.get("format"), (path.stem, None))
                        if len(columns) > 3 and len(set(header)) == len(header):
                            self.assertEqual(answer["candidates"][0]["format"], path.stem)

    def test_header_of_two(self):
        """A header that has what two signatures ask for: neither is guessed, and both are named."""
        signatures = []
        for path in sorted((SOURCE / "formats").glob("*.yaml")):
            detect = yaml.safe_load(path.read_text(encoding="utf-8")).get("detect", [])
            signatures += [(path.stem, entry.get("delimiter", ","), entry["columns"])
                           for entry in (detect if isinstance(detect, list) else [detect]) if "columns" in entry]
        tried = 0
        for (one, delimiter, columns), (other, same, others) in itertools.combinations(signatures, 2):
            sets = {word.lower() for word in columns}, {word.lower() for word in others}
            if one == other or delimiter != same or sets[0] <= sets[1] or sets[1] <= sets[0]:
                continue
            header = "\t" if delimiter == "tab" else delimiter
            header = header.join([*columns, *(word for word in others if word not in columns)])
            path = self.write("in", b"\xef\xbb\xbf" + header.encode() + b"\n")
            with self.subTest(one=one, other=other):
                answer = self.detect(path.read_bytes())
                self.assertNotIn("format", answer)
                self.assertLessEqual({one, other}, {candidate["format"] for candidate in answer["candidates"]})
                said = self.run_program("convert", "-t", "notice-jsonl", "-o", "out", path, status=3).err
                self.assertIn("[format-ambiguous]", said)
                self.assertIn(f"perhaps {one}:", said)
                self.assertIn(f"perhaps {other}:", said)
                tried += 1
        print(f"{tried} pairs of signatures")


try:
    import yaml
except ImportError:
    harness.skip("no python3-yaml")

harness.main()
