#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the code lists that come from iso-codes and CLDR; the others are written by hand.

    generate.py [--output FOLDER]   writes the lists (default: the folder of this script)
    generate.py --cldr              prints input/cldr.tsv anew from the ICU library of this machine
    generate.py --cldr-months       prints input/months-cldr.tsv anew from it
    generate.py --currencies        prints input/currencies.tsv anew from it
    generate.py --assigned          prints core/notice/assigned_table.h
    generate.py --phones            prints core/notice/phone_table.h (needs python3-phonenumbers)

Reads iso-codes (Debian's package: JSON and message catalogues) and the tables in input/: names.tsv
holds what people added by hand and decides whenever two codes claim a name, cldr.tsv the names of
CLDR, demonyms.tsv what citizens are called. No network; the same input gives the same bytes. A name
that two codes claim and names.tsv does not decide is an error, not a choice of this script.
"""

import argparse
import ctypes
import ctypes.util
import gettext
import json
import pathlib
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
ISO = pathlib.Path("/usr/share/iso-codes/json")
CATALOGUES = "/usr/share/locale"
VERSION = "4.15"
WIDTH = 100

SPECIAL = {
    "XK": "Kosovo, a user-assigned code in wide use",
    "x-icc": "International Criminal Court",
    "x-stl": "Special Tribunal for Lebanon",
    "x-irmct": "International Residual Mechanism for Criminal Tribunals",
    "x-stateless": "stateless",
    "x-unknown": "the source says that it is not known",
}
# Codes of ISO 639-2 that were withdrawn and still stand in language tables made before.
WITHDRAWN_LANGUAGES = {"ron": ["MOL"], "hrv": ["SCR"], "srp": ["SCC"]}
# Lists of country names: the title, the catalogues of iso-codes, the first one's names first, and the locales of CLDR.
# Catalogues of small languages are left out: some call one country by another's name (Eritrea Palestine, Latvia Lithuania).
COUNTRIES = {
    "en": ("English", [], ["en"]),
    "es": ("Spanish", ["es"], ["es"]),
    "pt": ("Portuguese", ["pt_BR", "pt"], ["pt", "pt_PT"]),
    "ru": ("Russian", ["ru"], ["ru"]),
    "zh": ("Chinese, simplified", ["zh_CN"], ["zh"]),
    "fr": ("French", ["fr"], ["fr"]),
    "ar": ("Arabic", ["ar"], ["ar"]),
    "am": ("Amharic", [], ["am"]),
    "az": ("Azerbaijani", [], ["az", "az_Cyrl"]),
    "be": ("Belarusian", ["be"], ["be"]),
    "bn": ("Bengali", [], ["bn"]),
    "de": ("German", ["de"], ["de"]),
    "fa": ("Persian and Dari", [], ["fa", "fa_AF"]),
    "fil": ("Filipino", [], ["fil"]),
    "ha": ("Hausa", [], ["ha"]),
    "hi": ("Hindi", [], ["hi"]),
    "id": ("Indonesian", ["id"], ["id"]),
    "it": ("Italian", ["it"], ["it"]),
    "kk": ("Kazakh", [], ["kk"]),
    "km": ("Khmer", [], ["km"]),
    "ky": ("Kyrgyz", [], ["ky"]),
    "lo": ("Lao", [], ["lo"]),
    "mg": ("Malagasy", [], ["mg"]),
    "ms": ("Malay", [], ["ms"]),
    "my": ("Burmese", [], ["my"]),
    "nl": ("Dutch", ["nl"], ["nl"]),
    "ps": ("Pashto", [], ["ps"]),
    "so": ("Somali", [], ["so"]),
    "sw": ("Swahili", [], ["sw", "sw_CD", "sw_KE"]),
    "ta": ("Tamil", [], ["ta"]),
    "tg": ("Tajik", [], ["tg"]),
    "th": ("Thai", ["th"], ["th"]),
    "ti": ("Tigrinya", [], ["ti"]),
    "tk": ("Turkmen", [], ["tk"]),
    "tr": ("Turkish", ["tr"], ["tr"]),
    "uk": ("Ukrainian", ["uk"], ["uk"]),
    "ur": ("Urdu", [], ["ur"]),
    "uz": ("Uzbek, in both scripts", [], ["uz", "uz_Cyrl"]),
    "vi": ("Vietnamese", ["vi"], ["vi"]),
}
# Names that leave open which country is meant: dropped for every code.
VAGUE = {
    "en": {"congo (republic)"},
    # CLDR's abbreviation of Reino Unido is the code of the Russian Federation.
    "es": {"ru", "san martín", "san martin", "saint martin"},
    "pt": {"são martinho", "sao martinho", "são martin", "saint martin"},
}

# Lists of months: the locales of CLDR, whose names are taken in their order, and the title.
MONTHS = {
    "en": (["en", "en_GB"], "in English"),
    "fr": (["fr", "fr_CA"], "in French"),
    "es": (["es", "es_PE"], "in Spanish"),
    "pt": (["pt", "pt_PT"], "in Portuguese"),
    "ar": (["ar_EG"], "in Arabic, as in Egypt and on the Gulf"),
    "ar-levant": (["ar_IQ"], "in Arabic, as in Iraq and the Levant"),
    "ar-maghreb": (["ar_DZ"], "in Arabic, as in Algeria and Tunisia"),
    "ar-ma": (["ar_MA"], "in Arabic, as in Morocco"),
    "ar-mr": (["ar_MR"], "in Arabic, as in Mauritania"),
    "hijri-ar": (["ar@calendar=islamic-umalqura"], "of the Hijri year in Arabic"),
    "ru": (["ru"], "in Russian"),
    "tr": (["tr"], "in Turkish"),
    "az": (["az"], "in Azerbaijani"),
    "fa": (["fa@calendar=persian", "fa_AF@calendar=persian"], "of the Persian year, as in Iran and in Dari"),
    "th": (["th"], "in Thai"),
    "id": (["id"], "in Indonesian"),
    "ms": (["ms"], "in Malay"),
    "am": (["am"], "in Amharic, of the Gregorian year"),
    "ethiopic-am": (["am@calendar=ethiopic"], "of the Ethiopian year in Amharic"),
    "ethiopic-en": (["en@calendar=ethiopic"], "of the Ethiopian year in Latin letters"),
    "hijri-en": (["en@calendar=islamic-umalqura"], "of the Hijri year in Latin letters"),
    "fa-gregorian": (["fa@calendar=gregorian"], "of the Gregorian year in Persian"),
    "hijri-fa": (["fa@calendar=islamic-umalqura"], "of the Hijri year in Persian"),
    "persian-en": (["en@calendar=persian"], "of the Persian year in Latin letters"),
    "persian-ps": (["ps@calendar=persian"], "of the Persian year in Pashto"),
    "be": (["be"], "in Belarusian"),
    "de": (["de", "de_AT"], "in German"),
    "el": (["el"], "in Greek"),
    "fil": (["fil"], "in Filipino"),
    "ha": (["ha"], "in Hausa"),
    "hi": (["hi"], "in Hindi"),
    "it": (["it"], "in Italian"),
    "kk": (["kk"], "in Kazakh"),
    "km": (["km"], "in Khmer"),
    "ky": (["ky"], "in Kyrgyz"),
    "lo": (["lo"], "in Lao"),
    "my": (["my"], "in Burmese"),
    "nl": (["nl"], "in Dutch"),
    "pl": (["pl"], "in Polish"),
    "ps": (["ps@calendar=gregorian"], "in Pashto, of the Gregorian year"),
    "ro": (["ro"], "in Romanian"),
    "so": (["so"], "in Somali"),
    "sw": (["sw", "sw_CD", "sw_KE"], "in Swahili"),
    "tg": (["tg"], "in Tajik"),
    "tk": (["tk"], "in Turkmen"),
    "uk": (["uk"], "in Ukrainian"),
    "ur": (["ur"], "in Urdu"),
    "uz": (["uz", "uz_Cyrl"], "in Uzbek"),
}


def iso(name):
    with open(ISO / f"iso_{name}.json", encoding="utf-8") as file:
        return json.load(file)[name]


def table(name):
    """Rows of a tab-separated table in input/; '#' starts a comment line."""
    with open(HERE / "input" / name, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield line.split("\t")


def fold(name):
    """As the converter compares: case folded, white space collapsed."""
    return " ".join(name.casefold().replace("i\u0307", "i").replace("\u0131", "i").split())


def scalar(text):
    """A YAML scalar, quoted where a reader could take it for something else than text."""
    plain = re.fullmatch(r"[^\W\d_][\w .'’()/&-]*", text) and not text.endswith(" ")
    word = text.casefold() in {"no", "yes", "on", "off", "y", "n", "true", "false", "null"}
    if plain and not word:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def entry(code, names, comment=""):
    """The lines of one code."""
    key = f"  {scalar(code)}:"
    if len(names) == 1:
        line = f"{key} {scalar(names[0])}"
        return [line + (f"  # {comment}" if comment else "")]
    line = f"{key} [{', '.join(map(scalar, names))}]"
    if len(line) <= WIDTH and not comment:
        return [line]
    return [key] + [f"    - {scalar(name)}" for name in names]


def write(output, name, title, source, kind, entries, cldr=False, translated=False):
    licence = "Apache-2.0"
    if translated:
        licence += " AND LGPL-2.1-or-later"
    if cldr:
        licence += " AND Unicode-DFS-2016"
    origin = f"generated by generate.py from iso-codes {VERSION}" + (" and CLDR 42" if cldr else "")
    if kind == "month":
        origin = "generated by generate.py from CLDR 42"
    lines = [
        f"# SPDX-License-Identifier: {licence}",
        f"# {origin}; do not edit: names of ours stand in input/",
        f"list: {name}",
        f"title: {title}",
        f"source: {scalar(source)}",
        f"type: {kind}",
        "codes:",
    ]
    for item in entries:
        lines += entry(*item)
    (output / f"{name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def bare(name):
    """Without accents, as many a police system writes names."""
    split = unicodedata.normalize("NFD", name)
    # The breve of й makes it another letter; the dots of ё are left out as a matter of course.
    kept = (c for i, c in enumerate(split)
            if not unicodedata.combining(c) or (c == "\u0306" and split[i - 1] in "иИуУ"))
    return unicodedata.normalize("NFC", "".join(kept))


def upright(name):
    """"Moldova, Republic of" is looked up under M and spoken "Republic of Moldova"."""
    head, comma, tail = name.rpartition(", ")
    last = tail.casefold().split()[-1:] if comma else []
    if last and last[0] in {"of", "the", "de", "del", "da", "do", "das", "dos"} and "," not in head:
        return f"{tail} {head}"
    if last and last[0] == "la" and tail.casefold().endswith(" de la"):
        return f"{tail} {head}"
    return None


def variants(name, language=""):
    """The name and the spellings that differ in typography only."""
    yield name
    if "'" in name:
        yield name.replace("'", "’")
    if "’" in name:
        yield name.replace("’", "'")
    script = next((unicodedata.name(c).split()[0] for c in name if c.isalpha()), "")
    # Elsewhere marks are vowels or join letters, and a name without them is no name.
    if script in {"LATIN", "CYRILLIC", "ARABIC"}:
        for spelled in (name, name.replace("’", "'")):
            if bare(spelled) != spelled:
                yield bare(spelled)
    if language in {"tr", "az"} and script == "LATIN":
        yield from turkic_variants(name)
    if language == "uz" and "ʻ" in name:
        yield from (name.replace("ʻ", sign) for sign in "'‘’")
    if language == "vi" and "đ" in bare(name).casefold():
        yield bare(name).replace("đ", "d").replace("Đ", "D")
    for invisible in "\u200b\u200c":
        if invisible in name:
            yield name.replace(invisible, "")
            yield name.replace(invisible, " ")
    if language in {"fa", "ur", "ps"} and name != with_arabic_letters(name):
        yield with_arabic_letters(name)


def turkic_variants(name):
    """Case folding takes the dotless I for i and gives the dotted one a mark."""
    if "ı" in name or "İ" in name:
        yield bare(name).replace("ı", "i")
    upper = name.replace("i", "İ").replace("ı", "I").upper()
    if fold(upper) != fold(name):
        yield upper


def with_arabic_letters(name):
    """As systems write Persian that know the Arabic letters only."""
    return name.replace("ی", "ي").replace("ک", "ك")


def names_of_iso(record, language):
    """The names of one ISO 3166-1 record in a language, the most usual first."""
    given = [record[key] for key in ("common_name", "name", "official_name") if key in record]
    if language == "en":
        return [name.removeprefix("the ") for name in given]
    found = []
    for locale in COUNTRIES[language][1]:
        catalogue = gettext.translation("iso_3166-1", CATALOGUES, [locale])
        for name in given:
            translated = catalogue.gettext(name)
            # An untranslated message comes back in English.
            if translated != name:
                found.append(translated)
        if catalogue.gettext(record["name"]) == record["name"] and "," not in record["name"]:
            found.append(record["name"])
    return found


def former_names(record, language):
    """What a withdrawn state is called in the first catalogue that says it."""
    for locale in COUNTRIES[language][1]:
        try:
            catalogue = gettext.translation("iso_3166-3", CATALOGUES, [locale])
        except FileNotFoundError:
            continue
        if catalogue.gettext(record["name"]) != record["name"]:
            return [catalogue.gettext(record["name"])]
    return []


def country_names(language):
    """code -> names; the first is the one that is written."""
    by_hand = {}
    for row_language, code, *names in table("names.tsv"):
        if row_language not in COUNTRIES:
            sys.exit(f"names.tsv: no language {row_language!r}")
        if row_language == language:
            by_hand.setdefault(code, []).extend(names)
    cldr = {}
    for locale, code, name in table("cldr.tsv"):
        if locale in COUNTRIES[language][2]:
            cldr.setdefault(code, []).append(name)

    found = {code: list(names) for code, names in by_hand.items()}
    for record in iso("3166-1"):
        code = record["alpha_2"]
        names = names_of_iso(record, language)
        more = cldr.get(code, [])
        # In English the United Nations' forms are near ISO's; elsewhere CLDR's are the usual ones.
        found.setdefault(code, []).extend(names + more if language == "en" else more + names)
    found.setdefault("XK", []).extend(cldr.get("XK", []))
    # A name that a state of today has is that state's.
    taken = {fold(name) for names in found.values() for name in names}
    for record in iso("3166-3"):
        names = [record["name"]] if language == "en" else former_names(record, language)
        names = [name for name in names if fold(name) not in taken or name in by_hand.get(record["alpha_4"], ())]
        found.setdefault(record["alpha_4"], []).extend(names)

    owner = {}
    for code, names in by_hand.items():
        for name in names:
            for spelling in variants(name, language):
                if owner.setdefault(fold(spelling), code) != code:
                    other = owner[fold(spelling)]
                    sys.exit(f"names.tsv: {language} {spelling!r} is both {other} and {code}")
    by_hand_owned = dict(owner)

    result = {}
    codes = {record["alpha_2"] for record in iso("3166-1")}
    for code in sorted(found):
        kept, seen = [], set()
        candidates = []
        for name in found[code]:
            candidates.append(name)
            if upright(name):
                candidates.append(upright(name))
        spellings = candidates + [v for name in candidates for v in variants(name, language)]
        for spelling in spellings:
            spelling = spelling.strip()
            key = fold(spelling)
            if key in seen or key in VAGUE.get(language, ()):
                continue
            # What is another state's code is a name only where people said so.
            if key.upper() in codes and key.upper() != code and spelling not in by_hand.get(code, ()):
                continue
            if by_hand_owned.get(key, code) != code:
                continue
            if owner.setdefault(key, code) != code:
                sys.exit(f"{language}: {spelling!r} is both {owner[key]} and {code}: "
                         "decide in names.tsv")
            seen.add(key)
            kept.append(spelling)
        if kept:
            result[code] = kept
    return result


def write_countries(output):
    current = sorted(iso("3166-1"), key=lambda record: record["alpha_2"])
    former = sorted(iso("3166-3"), key=lambda record: record["alpha_4"])
    entries = [(r["alpha_2"], [r["alpha_2"]], r.get("common_name", r["name"])) for r in current]
    entries.append(("XK", ["XK"], SPECIAL["XK"]))
    entries += [(r["alpha_4"], [r["alpha_4"]], f"{r['name']}, withdrawn {r['withdrawal_date']}")
                for r in former]
    entries += [(code, [code], title) for code, title in SPECIAL.items() if code != "XK"]
    write(output, "iso-country", "Country codes as the notice schema spells them",
          "ISO 3166-1 alpha-2, ISO 3166-3, user-assigned XK; "
          "https://www.iso.org/iso-3166-country-codes.html",
          "country", entries)

    entries = [(r["alpha_2"], [r["alpha_2"]], r.get("common_name", r["name"])) for r in current]
    entries += [(code, [word], SPECIAL[code]) for code, word in
                (("XK", "UNK"), ("x-icc", "914"), ("x-stl", "916"), ("x-irmct", "922"))]
    # People were born in states that are gone. Codes that ISO has given to another since, or gave to two, are left out.
    reused = {r["alpha_2"] for r in current}
    once = [r["alpha_2"] for r in former]
    entries += [(r["alpha_4"], [r["alpha_2"]], f"{r['name']}, withdrawn {r['withdrawal_date']}")
                for r in former if r["alpha_2"] not in reused and once.count(r["alpha_2"]) == 1]
    write(output, "interpol-country", "INTERPOL country codes",
          "ISO 3166-3 and the country options of "
          "https://www.interpol.int/How-we-work/Notices/Red-Notices/View-Red-Notices",
          "country", entries)

    entries = [(r["alpha_2"], ["D", "DEU"] if r["alpha_2"] == "DE" else [r["alpha_3"]], r.get("common_name", r["name"]))
               for r in current]
    entries += [(code, words, SPECIAL[code]) for code, words in
                (("XK", ["RKS", "XKX"]), ("x-stateless", ["XXA"]), ("x-unknown", ["XXX"]))]
    write(output, "mrz-country", "Countries in machine readable zones",
          "ISO 3166-1 alpha-3 and ICAO Doc 9303-3, 8th edition 2021, section 5; Kosovo as its passports have it",
          "country", entries)

    for language, (title, _, _) in COUNTRIES.items():
        entries = [(code, names) for code, names in country_names(language).items()]
        source = f"iso-codes {VERSION}, Unicode CLDR 42 and input/names.tsv"
        if language == "en":
            source += "; the first name is the form of the UN consolidated list"
        write(output, f"country-{language}", f"Country names in {title}", source,
              "country", entries, cldr=True, translated=True)


def write_demonyms(output):
    """One list per language of the table; a word that two codes claim is an error."""
    tables, owner = {}, {}
    for language, code, *words in table("demonyms.tsv"):
        names = tables.setdefault(language, {}).setdefault(code, [])
        for word in words:
            for spelling in variants(word, language):
                key = (language, fold(spelling))
                if owner.setdefault(key, code) != code:
                    sys.exit(f"demonyms.tsv: {language} {spelling!r} is both {owner[key]} and {code}")
                if fold(spelling) not in map(fold, names):
                    names.append(spelling)
    for language, found in tables.items():
        write(output, f"demonym-{language}", f"Citizens and citizenships in {COUNTRIES[language][0]}",
              "usage; input/demonyms.tsv", "country", [(code, found[code]) for code in sorted(found)])


def month_variants(language, name):
    """The name and what people make of it: without accents or hamza, with Arabic letters for Persian ones."""
    yield name
    script = unicodedata.name(name[0]).split()[0]
    if script in {"LATIN", "ARABIC"}:
        yield bare(name)
    if language in {"tr", "az"}:
        yield bare(name).replace("ı", "i")
        yield name.replace("i", "İ").replace("ı", "I").upper()
    if language == "fa":
        yield with_arabic_letters(name)


def write_months(output):
    found = {}
    for source in ("months-cldr.tsv", "months.tsv"):
        for language, month, *names in table(source):
            if language not in MONTHS:
                sys.exit(f"{source}: no list {language!r}")
            found.setdefault(language, {}).setdefault(int(month), []).extend(names)
    for language, by_month in sorted(found.items()):
        owner, entries = {}, []
        for month, names in sorted(by_month.items()):
            kept = []
            for name in names:
                for spelling in month_variants(language, name.rstrip(".")):
                    if owner.setdefault(fold(spelling), month) != month:
                        sys.exit(f"months: {language} {spelling!r} is {owner[fold(spelling)]} and {month}")
                    if fold(spelling) not in map(fold, kept):
                        kept.append(spelling)
            entries.append((str(month), kept))
        write(output, f"month-{language}", f"Months {MONTHS[language][1]}",
              "Unicode CLDR 42 and input/months.tsv", "month", entries, cldr=True)


def write_languages(output):
    individual = {record["alpha_3"] for record in iso("639-3")}
    entries = []
    for record in sorted(iso("639-2"), key=lambda record: record["alpha_3"]):
        code = record["alpha_3"]
        # Collective codes have no counterpart in ISO 639-3.
        if code in individual:
            word = record.get("bibliographic", code).upper()
            extra = WITHDRAWN_LANGUAGES.get(code, [])
            comment = "" if extra else record["name"].split(";")[0]
            entries.append((code, [word] + extra, comment))
    write(output, "interpol-language", "INTERPOL language codes",
          "ISO 639-2/B in capitals, and MOL, SCC, SCR that ISO withdrew; "
          "https://www.loc.gov/standards/iso639-2/",
          "language", entries)


def icu_library(name):
    """The version, and what binds a function of it."""
    library = ctypes.util.find_library(name)
    if library is None:
        sys.exit("the ICU library is not there")
    version = library.rpartition(".so.")[2]
    icu = ctypes.CDLL(library)

    def function(name, result, *arguments):
        bound = getattr(icu, f"{name}_{version}")
        bound.restype, bound.argtypes = result, arguments
        return bound

    return version, function


def print_months():
    _, function = icu_library("icui18n")
    pointer, integer = ctypes.c_void_p, ctypes.c_int32
    error_type = ctypes.POINTER(ctypes.c_int)
    text = ctypes.c_char_p
    open_format = function("udat_open", pointer, ctypes.c_int, ctypes.c_int, text, text, integer, text, integer,
                           error_type)
    get_symbol = function("udat_getSymbols", integer, pointer, ctypes.c_int, integer, text, integer, error_type)
    close_format = function("udat_close", None, pointer)
    pattern, by_pattern = "MMMM".encode("utf-16-le"), -2
    wide, short, alone, short_alone = 1, 2, 10, 11
    print("# SPDX-License-Identifier: Unicode-DFS-2016")
    print("# Names of months of Unicode CLDR 42 (ICU 72); printed by generate.py --cldr-months.")
    print("# list, month, names: in a date, alone, short in a date, short alone")
    for language, (locales, _) in MONTHS.items():
        for locale in locales:
            error = ctypes.c_int(0)
            formatter = open_format(by_pattern, by_pattern, locale.encode(), None, 0, pattern, 4,
                                    ctypes.byref(error))
            for month in range(13 if "ethiopic" in locale else 12):
                names = []
                for kind in (wide, alone, short, short_alone):
                    buffer = ctypes.create_string_buffer(200)
                    length = get_symbol(formatter, kind, month, buffer, 100, ctypes.byref(error))
                    name = buffer.raw[:2 * length].decode("utf-16-le")
                    if name not in names:
                        names.append(name)
                if error.value > 0:
                    sys.exit(f"ICU error {error.value} in {locale}")
                print(language, month + 1, *names, sep="\t")
            close_format(formatter)


def print_cldr():
    version, function = icu_library("icuuc")
    pointer, error_type = ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)
    open_bundle = function("ures_open", pointer, ctypes.c_char_p, ctypes.c_char_p, error_type)
    by_key = function("ures_getByKey", pointer, pointer, ctypes.c_char_p, pointer, error_type)
    has_next = function("ures_hasNext", ctypes.c_int8, pointer)
    next_string = function("ures_getNextString", pointer, pointer, ctypes.POINTER(ctypes.c_int32),
                           ctypes.POINTER(ctypes.c_char_p), error_type)
    codes = {record["alpha_2"] for record in iso("3166-1")} | {"XK"}
    print("# SPDX-License-Identifier: Unicode-DFS-2016")
    print("# Country names of Unicode CLDR 42 (ICU 72); printed by generate.py --cldr.")
    print("# locale, code, name: usual names, then short ones, then variants")
    for locale in sorted({name for _, _, names in COUNTRIES.values() for name in names}):
        for kind in ("Countries", "Countries%short", "Countries%variant"):
            error = ctypes.c_int(0)
            package = f"icudt{version}l-region".encode()
            bundle = open_bundle(package, locale.encode(), ctypes.byref(error))
            names = by_key(bundle, kind.encode(), None, ctypes.byref(error))
            if error.value > 0:
                continue
            while has_next(names):
                length, key = ctypes.c_int32(0), ctypes.c_char_p()
                text = next_string(
                    names, ctypes.byref(length), ctypes.byref(key), ctypes.byref(error))
                if error.value > 0:
                    sys.exit(f"ICU error {error.value} in {locale} {kind}")
                if key.value.decode() in codes:
                    name = ctypes.string_at(text, 2 * length.value).decode("utf-16-le")
                    print(locale, key.value.decode(), name, sep="\t")


def print_currencies():
    _, function = icu_library("icuuc")
    pointer, error_type = ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)
    everything = 2**31 - 1
    error = ctypes.c_int(0)
    opened = function("ucurr_openISOCurrencies", pointer, ctypes.c_uint32, error_type)(everything, ctypes.byref(error))
    following = function("uenum_next", ctypes.c_char_p, pointer, ctypes.POINTER(ctypes.c_int32), error_type)
    print("# SPDX-License-Identifier: Unicode-DFS-2016")
    print("# Currencies of all times of Unicode CLDR 42 (ICU 72); printed by generate.py --currencies.")
    codes = []
    while (code := following(opened, None, ctypes.byref(error))) is not None:
        codes.append(code.decode())
    for code in sorted(codes):
        print(code)


def masks(codes, length):
    """Per beginning a word with a bit for each last letter."""
    words = [0] * 26 ** (length - 1)
    for code in codes:
        index = 0
        for letter in code[:-1].upper():
            index = index * 26 + ord(letter) - ord("A")
        words[index] |= 1 << (ord(code[-1].upper()) - ord("A"))
    return [f"0x{word:x}," for word in words]


def print_array(declaration, items, comment):
    print(f"\n/* {comment} */\nstatic const {declaration} = {{")
    line = ""
    for item in items:
        if len(line) + len(item) > WIDTH:
            print(f"\t{line.rstrip()}")
            line = ""
        line += f"{item} "
    print(f"\t{line.rstrip()}\n}};")


def print_assigned():
    """A C header: what the standards assign, as validation asks."""
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print(f"/* Printed by formats/codes/generate.py --assigned from iso-codes {VERSION} and CLDR 42; do not edit. */")
    print("#ifndef DGM_NOTICE_ASSIGNED_TABLE_H\n#define DGM_NOTICE_ASSIGNED_TABLE_H\n")
    print("#include <stdint.h>\n\n/* clang-format off */")
    countries = [record["alpha_2"] for record in iso("3166-1")] + ["XK"]
    print_array("uint32_t countries[26]", masks(countries, 2), "ISO 3166-1 alpha-2, and XK: by the first letter")
    languages = [record["alpha_3"] for record in iso("639-3")]
    print_array("uint32_t languages[26 * 26]", masks(languages, 3), "ISO 639-3: by the first two letters")
    current = sorted(record["alpha_3"] for record in iso("4217"))
    historic = sorted({code for (code,) in table("currencies.tsv")} - set(current))
    for name, codes, comment in (
            ("former", sorted(record["alpha_4"] for record in iso("3166-3")), "ISO 3166-3: states that are gone"),
            ("scripts", sorted(record["alpha_4"] for record in iso("15924")), "ISO 15924"),
            ("currencies", current, "ISO 4217, in use"),
            ("old_currencies", historic, "ISO 4217, withdrawn, and what CLDR has besides")):
        print_array(f"char {name}[][{len(codes[0]) + 1}]", [f'"{code}",' for code in codes], comment)
    print("\n#endif")


def lengths_mask(lengths):
    return sum(1 << n for n in lengths)


def phone_plan(region, metadata):
    """Calling code, trunk prefix, and the lengths of national numbers behind the prefix and without it; None: unclear."""
    fixed, mobile = metadata.fixed_line, metadata.mobile
    trunk = metadata.national_prefix or ""
    rule = metadata.national_prefix_transform_rule or ""
    # Argentina's mobile numbers have a digit abroad that they lack at home: nothing tells them from others.
    if rule[:1].isdigit() and not rule[:2].isdigit():
        return None
    kinds = [kind for kind in (fixed, mobile) if kind]
    lengths = {n for kind in kinds for n in kind.possible_length if n > 0}
    local = {n for kind in kinds for n in kind.possible_length_local_only}
    # Without its prefix a number may lack its area code as well, unless it is as long as the longest.
    longest = max((n for n in fixed.possible_length if n > 0), default=0) if fixed else 0
    bare = {n for n in lengths if not trunk or n >= longest} - local
    return (metadata.country_code, trunk, lengths_mask(lengths), lengths_mask(bare)) if lengths else None


def print_phones():
    """A C header: national telephone numbers, as reading needs them."""
    import phonenumbers

    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/*")
    print(f" * Printed by formats/codes/generate.py --phones from libphonenumber {phonenumbers.__version__} (Apache-2.0, Google and others;")
    print(" * Debian's python3-phonenumbers), which has it from the countries' numbering plans; do not edit.")
    print(" */")
    print("#ifndef DGM_NOTICE_PHONE_TABLE_H\n#define DGM_NOTICE_PHONE_TABLE_H\n")
    print("#include <stdint.h>\n\n/* clang-format off */\n")
    print("/* Country, calling code, prefix of trunk calls; lengths of national numbers as bits: all, and those without the prefix */")
    print("static const struct dgm_phone_plan {\n\tchar country[3], trunk[3];\n\tuint16_t code, lengths, bare;\n} plans[] = {")
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        plan = phone_plan(region, phonenumbers.PhoneMetadata.metadata_for_region(region))
        if plan:
            code, trunk, lengths, bare = plan
            print(f'\t{{"{region}", "{trunk}", {code}, 0x{lengths:04x}, 0x{bare:04x}}},')
    print("};\n\n#endif")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=HERE)
    parser.add_argument("--cldr", action="store_true", help="print input/cldr.tsv anew from ICU")
    parser.add_argument("--cldr-months", action="store_true", help="print input/months-cldr.tsv anew from ICU")
    parser.add_argument("--currencies", action="store_true", help="print input/currencies.tsv anew from ICU")
    parser.add_argument("--assigned", action="store_true", help="print core/notice/assigned_table.h")
    parser.add_argument("--phones", action="store_true", help="print core/notice/phone_table.h")
    options = parser.parse_args()
    if options.currencies:
        print_currencies()
        return
    if options.phones:
        print_phones()
        return
    if options.assigned:
        print_assigned()
        return
    if options.cldr:
        print_cldr()
        return
    if options.cldr_months:
        print_months()
        return
    write_countries(options.output)
    write_demonyms(options.output)
    write_languages(options.output)
    write_months(options.output)


if __name__ == "__main__":
    main()
