# SPDX-License-Identifier: Apache-2.0
"""Normalising twice changes nothing: what was read once stays as it is, text of any script and dirt in it as much as the
values of the samples; and neither language nor time zone of who runs the program has a say."""
import json
import random
import unittest

import harness
from harness import GOLDEN, dragoman

# Letters, digits and what people copy along with them.
PIECES = ["Anna", "MUSTER", "علي", "ﻣﺜﺎﻝ", "مـثـال", "إسم", "Ёлка", "Ойдон", "ＡＢ１", "é", "é", "ı", "İ", "ß", "ﬁ", "٠١٢", "۴۵",
          "०१", "乙", "ตัว", "ናሙና", "\u200f", "\u200e", "\u202b", "\u202c", "\u2066", "\u00a0", "\u3000", "\u2009", "\u200b", "\u200c",
          "\u00ad", "\ufeff", "\u0640", "\u064b", "\u0301", "\u0308\u0301", "\u0001", "\u0085", "\t", "\n", "\r\n", "  ", "-", "'", "’", "«", ";"]
PLACES = [("subject", "name", "full"), ("subject", "name", "note"), ("subject", "birth", "place"), ("notice", "remark", "text"),
          ("subject", "title", None), ("charge", "text", None), ("subject", "document", "number")]


def invented(number):
    chance = random.Random(number)
    notice = {"notice": {"id": str(number), "type": "wanted", "issuer": "TEST"}, "subject": [{"kind": "person"}]}
    for group, member, field in PLACES:
        text = "x" + "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 9))) + "x"
        if group == "charge":
            notice["charge"] = [{"text": text}]
            continue
        at = notice["subject"][0] if group == "subject" else notice["notice"]
        at[member] = [text] if field is None else [{**at.get(member, [{}])[0], field: text}]
    return json.dumps(notice, ensure_ascii=False).encode()


def once(data, **environment):
    done = dragoman("convert", "-q", "-f", "notice-jsonl", "-t", "notice-jsonl", stdin=data, env=environment)
    return done.out if done.status == 0 else f"{done}"


class Twice(unittest.TestCase):
    def test_invented(self):
        data = b"".join(invented(number) + b"\n" for number in range(400))
        first = once(data)
        self.assertNotEqual(first, data)
        self.assertEqual(len(harness.lines(first)), 400)
        self.assertEqual(once(first), first)

    def test_samples(self):
        for path in sorted(GOLDEN.glob("*/expected/*.notices.jsonl")):
            with self.subTest(sample=str(path.relative_to(GOLDEN))):
                data = path.read_bytes()
                self.assertEqual(once(data), data)

    def test_surroundings(self):
        data = b"".join(invented(number) + b"\n" for number in range(100))
        for environment in ({"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "C"}, {"TZ": "Asia/Tehran"}):
            self.assertEqual(once(data, **environment), once(data), environment)


harness.main()
