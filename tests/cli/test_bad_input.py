# SPDX-License-Identifier: Apache-2.0
"""Bad input, from the file to the message: each kind has its code, the place of the value, the value where it is asked for,
and what was expected instead. The value stays as it was written, and the record survives where it can."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness
from harness import GOLDEN, Case, lines

AIMC = GOLDEN / "aimc"
AMERIPOL = "Nro orden;Proceso;Primer Nombre;Primer Apellido;Fecha nacimiento;Delito\n"


def row_with(value):
    """The header of the doubtful sample and its row with this cell: (table, the cell's column in the row, in bytes)."""
    header, *rows = (AIMC / "doubtful-utf8-only.csv").read_text(encoding="utf-8").splitlines()
    row, = (row for row in rows if value in row.split(";"))
    before = row.split(";")[:row.split(";").index(value)]
    return f"{header}\n{row}\n", len("".join(cell + ";" for cell in before).encode()) + 1


class BadInput(Case):
    def convert(self, data, *options, status=0):
        """(messages with places, notices); with and without values the messages are the same but for these."""
        self.write("in.csv", data)
        arguments = ("convert", "--log-format", "json", "-t", "notice-jsonl", "-o", "out", *options, "in.csv")
        plain = self.run_program(*arguments, status=status).messages()
        path = self.folder / "out"
        notices = lines(path.read_bytes()) if path.exists() else []
        path.unlink(missing_ok=True)
        shown = self.run_program(*arguments, "--show-values", status=status).messages()
        for message in plain:
            self.assertNotIn("value", message)
        self.assertEqual(plain, [{name: part for name, part in message.items() if name != "value"} for message in shown])
        return [message for message in shown if "line" in message], notices

    def test_values(self):
        for value, code, field, expected in (
                ("31/02/2021", "date-impossible", "notice.published", "expected dd/MM/yyyy or "),
                ("1445/01/30", "date-impossible", "subject.birth.date", "(islamic-umalqura, 1300 to 1600)"),
                ("1400/13/01", "date-impossible", "subject.birth.date", "expected yyyy/MM/dd or "),
                ("1985/02/03", "date-impossible", "subject.birth.date", "(islamic-umalqura, 1300 to 1600)"),
                ("1٢/05/1970", "digits-mixed", "subject.birth.date", "digits of two scripts in one number"),
                ("1395/08/09", "pair-disagrees", "subject.birth.date", "another key of the record says otherwise"),
                ("سندي", "country-unknown", "subject.nationality.country", "not a country"),
        ):
            with self.subTest(value=value):
                table, column = row_with(value)
                messages, notices = self.convert(table, "-f", "aimc")
                wanted = {"severity": "warning", "code": code, "file": "in.csv", "record": 1, "line": 2, "column": column,
                          "field": field, "value": value}
                found, = (message for message in messages if message["code"] == code)
                self.assertEqual({name: found.get(name) for name in wanted}, wanted)
                self.assertIn(expected, found["text"])
                self.assertEqual(found["offset"], table.encode().index(value.encode()))
                # The record is there, with the value as it was written: beside the field, or as unmapped.
                notice, = notices
                self.assertIn(notice["subject"][0]["name"][0]["full"], table)
                group = notice["notice"] if field.startswith("notice.") else \
                    notice["subject"][0].get(field.split(".")[1], [{}])[0]
                kept = [entry["value"] for entry in notice.get("unmapped", [])]
                self.assertIn(value, [group.get(field.split(".")[-1] + "_original"), *kept])
                self.assertNotIn(value, [group.get(field.split(".")[-1])])
                # And comes back where it was.
                self.write("notices.jsonl", json.dumps(notice))
                self.run_program("convert", "-q", "-t", "aimc", "--to-encoding", "utf-8", "-o", "back.csv", "notices.jsonl")
                self.assertIn(f";{value};", (self.folder / "back.csv").read_text(encoding="utf-8-sig"))

    def test_other_date_counts(self):
        """Where one calendar's date is impossible and the other is sound, the sound one is the field."""
        table, _ = row_with("1395/08/09")
        table = table.replace("1395/08/09", "1445/01/30")
        messages, (notice,) = self.convert(table, "-f", "aimc")
        self.assertEqual([(message["code"], message["value"]) for message in messages], [("date-impossible", "1445/01/30")])
        self.assertRegex(notice["subject"][0]["birth"][0]["date"], r"^\d{4}-\d\d-\d\d$")
        self.assertIn("1445/01/30", [entry["value"] for entry in notice["unmapped"]])

    def test_cancellation_without_its_bulletin(self):
        table, _ = row_with("كف بحث")
        messages, (notice,) = self.convert(table, "-f", "aimc")
        self.assertEqual([(message["code"], message["file"], message["line"], message["column"]) for message in messages],
                         [("source-required", "in.csv", 2, 1)])
        self.assertEqual((notice["notice"]["form"], notice["notice"]["status"]), ("cancellation", "cancelled"))
        self.assertNotIn("reference", notice["notice"])

    def test_cancellation_of_another_file(self):
        """It names a bulletin that is not there: the rules over notices tell, and it stays a cancellation."""
        header, *rows = (AIMC / "doubtful-utf8-only.csv").read_text(encoding="utf-8").splitlines()
        place = header.split(";").index("رقم الإذاعة الملغاة")
        cells = next(row for row in rows if "كف بحث" in row.split(";")).split(";")
        cells[place] = "1999/417"
        table = f"{header}\n{';'.join(cells)}\n"
        messages, (notice,) = self.convert(table, "-f", "aimc")
        self.assertEqual(messages, [])
        self.assertEqual(notice["notice"]["reference"], [{"scheme": "cancels", "value": "1999/417"}])
        said = self.run_program("validate", "--log-format", "json", "--show-values", "-f", "aimc", "in.csv",
                                status=(0, 1)).messages()
        found, = (message for message in said if message["code"] == "reference-dangling")
        self.assertEqual((found["file"], found["line"], found["offset"]), ("in.csv", 2, table.encode().index(b"1999/417")))

    def test_header_of_two(self):
        header = ";".join(["Nro orden", "Proceso", "Primer Nombre", "Primer Apellido", "Fecha nacimiento", "Delito", "Reference",
                           "Notice type", "First names", "Date and place of birth", "Nationality", "Crime circumstances"])
        self.write("in.csv", header + "\n7;1;Ana;Ejemplo;;x;1;Wanted;Ana;;;\n")
        said = self.run_program("convert", "--log-format", "json", "-t", "notice-jsonl", "-o", "out", "in.csv",
                                status=3).messages()
        self.assertEqual([(message["code"], message["file"]) for message in said if message["severity"] == "error"],
                         [("format-ambiguous", "in.csv")])
        told = " ".join(message["text"] for message in said)
        self.assertIn("perhaps ameripol: 5 of 5", told)
        self.assertIn("perhaps afripol: 6 of 6", told)
        self.assertEqual(self.files(), ["in.csv"])
        # Who says which it is gets the record, and the other columns as unmapped.
        messages, (notice,) = self.convert((self.folder / "in.csv").read_bytes(), "-f", "ameripol")
        self.assertEqual(messages, [])
        self.assertIn({"format": "ameripol", "path": "Notice type", "value": "Wanted"}, notice["unmapped"])

    def test_windows_1256_as_utf_8(self):
        data = (AIMC / "bulletins.csv").read_bytes()
        messages, notices = self.convert(data, "-f", "aimc", "--from-encoding", "utf-8", status=3)
        self.assertEqual([(message["code"], message["file"], message["line"], message["column"]) for message in messages],
                         [("text-invalid-utf8", "in.csv", 1, 1)])
        self.assertIn("declared encoding", messages[0]["text"])
        self.assertEqual(notices, [])

    def test_a_row_of_windows_1256_in_utf_8(self):
        """Only the row that is in another encoding is lost, and goes to the rejects as it was."""
        header, one, two = "رقم الإذاعة;الاسم الكامل;التهمة;الدولة الطالبة", "1;أحمد;النصب;مصر", "2;سعيد;النصب;مصر"
        bad = one.encode("windows-1256")
        data = header.encode() + b"\n" + bad + b"\n" + two.encode() + b"\n"
        messages, notices = self.convert(data, "-f", "aimc", "--from-encoding", "utf-8", "--rejects", "rejects", status=1)
        found, = (message for message in messages if message["severity"] == "error")
        self.assertEqual((found["code"], found["file"], found["line"]), ("text-invalid-utf8", "in.csv", 2))
        self.assertEqual([notice["notice"]["id"] for notice in notices], ["2"])
        rejected = lines((self.folder / "rejects").read_bytes())
        self.assertEqual([entry["code"] for entry in rejected], ["text-invalid-utf8"])

    def test_utf_8_as_windows_1256(self):
        header = "رقم الإذاعة;الاسم الكامل;التهمة;الدولة الطالبة"
        data = f"{header}\n1;أحمد;النصب;مصر\n".encode()
        messages, notices = self.convert(data, "-f", "aimc", "--from-encoding", "windows-1256", status=1)
        self.assertEqual((messages[0]["severity"], messages[0]["code"], messages[0]["line"], messages[0]["column"]),
                         ("warning", "charset-suspect", 1, 1))
        self.assertIn("--from-encoding utf-8", messages[0]["text"])
        self.assertEqual(notices, [])
        # Nobody has to say it: the definition accepts UTF-8 and sees it.
        messages, notices = self.convert(data)
        self.assertEqual((messages, [notice["subject"][0]["name"][0]["full"] for notice in notices]), ([], ["أحمد"]))

    def test_utf_8_in_one_cell_of_windows_1256(self):
        """Mojibake reads without an error: the place is told, and the record is there."""
        header, one, two = "رقم الإذاعة;الاسم الكامل;التهمة;الدولة الطالبة", "1;أحمد;النصب;مصر", "2;سعيد;النصب;مصر"
        cells = [cell.encode("windows-1256") for cell in one.split(";")]
        cells[1] = "أحمد سعيد الأول".encode()
        data = header.encode("windows-1256") + b"\n" + b";".join(cells) + b"\n" + two.encode("windows-1256") + b"\n"
        _, notices = self.convert(data, "-f", "aimc", "--from-encoding", "windows-1256", status=(0, 1))
        self.assertIn("2", [notice["notice"]["id"] for notice in notices])

    def test_controls_from_80_to_9f(self):
        data = AMERIPOL.encode() + b"1;1;ANA;EJEMPLO;;x\n2;2;O\x92BRIEN;EJEMPLO;;x\n3;3;LUIS;EJEMPLO;;x\n"
        messages, notices = self.convert(data, "-f", "ameripol", "--from-encoding", "iso-8859-1")
        found, = messages
        self.assertEqual((found["severity"], found["code"], found["file"], found["line"], found["column"], found["field"]),
                         ("warning", "text-control", "in.csv", 3, 5, "subject.name.given"))
        self.assertIn("expected text without controls", found["text"])
        self.assertEqual([notice["notice"]["reference"][0]["value"] for notice in notices], ["1", "2", "3"])
        name, = notices[1]["subject"][0]["name"]
        self.assertEqual((name.get("given"), name["given_original"], name["family"]), (None, "O\x92BRIEN", "EJEMPLO"))
        # In the charset that it is in the byte is a letter's neighbour.
        messages, notices = self.convert(data, "-f", "ameripol")
        self.assertEqual((messages, notices[1]["subject"][0]["name"][0]["given"]), ([], "O’BRIEN"))

    def test_controls_in_utf_8(self):
        """The same characters where they are characters: they are not dropped from a name in silence."""
        data = AMERIPOL.encode() + "2;2;O\x92BRIEN;EJEMPLO;;x\n".encode()
        messages, notices = self.convert(data, "-f", "ameripol", "--from-encoding", "utf-8")
        self.assertEqual([(message["code"], message["line"]) for message in messages], [("text-control", 2)])
        self.assertEqual(notices[0]["subject"][0]["name"][0]["given_original"], "O\x92BRIEN")

    def test_other_bytes_without_a_character(self):
        """One that no control stands for costs its record, and so does any that is not UTF-8 there."""
        for encoding, bad in (("windows-1253", b"\xd2"), ("windows-1253", b"\x81\xff"), ("utf-8", b"\xf8\x82")):
            data = AMERIPOL.encode() + b"1;1;ANA;" + bad + b";;x\n2;2;LUIS;EJEMPLO;;x\n"
            messages, notices = self.convert(data, "-f", "ameripol", "--from-encoding", encoding, status=1)
            self.assertEqual([message["code"] for message in messages], ["text-invalid-utf8"])
            self.assertEqual(len(notices), 1)


harness.main()
