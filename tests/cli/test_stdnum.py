# SPDX-License-Identifier: Apache-2.0
"""Identifiers against python3-stdnum: generated numbers, right and with one character changed, are judged alike."""
import importlib
import random
import re
import string
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import harness

try:
    from stdnum import iban
except ImportError:
    harness.skip("the Debian package python3-stdnum is not installed")

EACH = 60  # right numbers of a scheme; as many are broken, twice

# Scheme, module, and a number: # a digit, @ a letter, * either, ? what the module has to find. {…}: one of these.
# A ! stands behind the part in which nothing is changed, for the module knows its values from lists.
SCHEMES = [
    ("cn-resident-id", "cn.ric", "{110105|440524|360426}!{1955|1980|2003}{01|06|12}{01|15|28}###?"),
    ("th-pin", "th.pin", "{1|3|5|8}###########?"),
    ("tr-tckn", "tr.tckimlik", "{1|4|9}########??"),
    ("es-dni", "es.dni", "########?"),
    ("es-nie", "es.nie", "{X|Y|Z}!#######?"),
    ("br-cpf", "br.cpf", "#########??"),
    ("br-cnpj", "br.cnpj", "########0001??"),
    ("za-id", "za.idnr", "{55|80|99}{01|06|12}{01|15|28}####{0|1}8?"),
    ("in-aadhaar", "in_.aadhaar", "{2|5|9}##########?"),
    ("cl-rut", "cl.rut", "{1|7}#######-?"),
    ("ec-cedula", "ec.ci", "{01|13|24}{0|3|5}######?"),
    ("do-cedula", "do.cedula", "##########?"),
    ("mx-curp", "mx.curp", "BO@W!{55|80|99}{01|06|12}{01|15|28}{H|M}!{DF|JC|NE}@@@!#?"),
    ("pe-dni", "pe.cui", "########?"),
    ("ar-cuit", "ar.cuit", "{20|23|27|30}########?"),
    ("co-nit", "co.nit", "8########-?"),
    ("co-nit", "co.nit", "{2|6}#######-?"),
    ("ru-inn", "ru.inn", "{50|77}########??"),
    ("ru-inn-company", "ru.inn", "{50|77}#######?"),
    ("my-mykad", "my.nric", "{55|80|99}{01|06|12}{01|15|28}{01|07|14}!####"),
    ("pk-cnic", "pk.cnic", "{1|3|6}!###########{1|2|8}"),
    ("bic", "bic", "@@@@@@**"),
    ("bic", "bic", "@@@@@@**###"),
    ("lei", "lei", "{2138|5493}**************??"),
    ("imo", "imo", "######?"),
    ("container", "iso6346", "@@@U!######?"),
    ("imei", "imei", "##############?"),
]
HEAD = """format: x
title: X
status: modelled
engine: json
options: {layout: lines}
records:
  - at: ""
    set: {notice.type: wanted, notice.issuer: X, subject.kind: person}
    map:
      I: notice.id
"""


class Numbers:
    def __init__(self):
        self.random = random.Random(20231)

    def change(self, number, position):
        """The number with another character of the same kind in a place."""
        kind = string.digits if number[position].isdigit() else string.ascii_uppercase
        return number[:position] + self.random.choice(kind.replace(number[position], "")) + number[position + 1:]

    def fill(self, template):
        """A number whose ? are still open, and where it may be changed."""
        number, free = "", []
        start = 0
        for part in re.findall(r"\{[^}]*\}|.", template):
            if part == "!":
                free = [place for place in free if place < start]
                start = len(number)
                continue
            text = self.random.choice(part[1:-1].split("|")) if part[0] == "{" else part
            for char in text:
                filled = {"#": string.digits, "@": string.ascii_uppercase, "*": string.digits + string.ascii_uppercase}.get(char, char)
                if char not in "-?":
                    free.append(len(number))
                number += self.random.choice(filled)
        return number, free

    def right(self, module, template):
        while True:
            number, free = self.fill(template)
            open_places = number.count("?")
            for check in ([""] if not open_places else
                          string.digits + string.ascii_uppercase if open_places == 1 else [f"{n:02}" for n in range(100)]):
                whole = number.replace("?" * open_places, check) if open_places else number
                if module.is_valid(whole):
                    return whole, free

    def iban(self):
        while True:
            country = self.random.choice("AE BE BR CH DE DO EG ES FR GB IQ IT JO KW KZ LB LY MT MU NO PK PL QA RU SA SC SD TN TR UA".split())
            structure = iban._ibandb.info(country + "00")[0][1].get("bban", "")
            number = ""
            for count, kind in re.findall(r"(\d+)!([nac])", structure):
                letters = {"n": string.digits, "a": string.ascii_uppercase, "c": string.digits + string.ascii_uppercase}[kind]
                number += "".join(self.random.choice(letters) for _ in range(int(count)))
            for check in range(2, 99):
                whole = f"{country}{check:02}{number}"
                if iban.is_valid(whole, check_country=False):
                    return whole


class Oracle(harness.Case):
    def judge(self, scheme, cases):
        """Whether each number is taken without a doubt."""
        self.write("x.yaml", HEAD + f"      N: {{to: subject.document.number, check: {scheme}}}\n")
        self.write("in.jsonl", "".join(f'{{"I":"{n}","N":"{number}"}}\n' for n, number in enumerate(cases, 1)))
        result = harness.dragoman("convert", "-f", "x", "-t", "notice-jsonl", "--log-format", "json", "-v", "in.jsonl", cwd=self.folder,
                                  env={"DRAGOMAN_FORMAT_PATH": str(self.folder)})
        self.assertEqual(result.status, 0, result)
        self.assertEqual([notice["subject"][0]["document"][0]["number"] for notice in result.notices()], cases)
        doubted = {message["record"] for message in result.messages() if message.get("code") in ("identifier-check", "identifier-shape")}
        return [n not in doubted for n in range(1, len(cases) + 1)]

    def test_like_stdnum(self):
        numbers = Numbers()
        cases = {}

        def add(scheme, number, right):
            cases.setdefault(scheme, []).append((number, right))

        for scheme, name, template in SCHEMES:
            module = importlib.import_module("stdnum." + name)
            for _ in range(EACH):
                number, free = numbers.right(module, template)
                add(scheme, number, True)
                for broken in (numbers.change(number, numbers.random.choice(free)), number + "1"):
                    if broken[-1:] != "1" or len(broken) == len(number) or scheme not in ("co-nit", "cl-rut", "bic", "pe-dni"):
                        add(scheme, broken, module.is_valid(broken))
        for _ in range(10 * EACH):
            number = numbers.iban()
            add("iban", number, True)
            for broken in (numbers.change(number, numbers.random.randrange(2, len(number))), number[:-1], number + "0"):
                add("iban", broken, iban.is_valid(broken, check_country=False))
        rights = [right for of_scheme in cases.values() for _, right in of_scheme]
        self.assertGreater(len(rights), 5000)
        self.assertGreater(rights.count(False), 3000)
        for scheme, of_scheme in cases.items():
            taken = self.judge(scheme, [number for number, _ in of_scheme])
            differ = [case for case, is_taken in zip(of_scheme, taken) if case[1] != is_taken]
            with self.subTest(scheme=scheme):
                self.assertEqual(differ[:10], [], f"{len(differ)} of {len(of_scheme)} are judged otherwise")


harness.main()
