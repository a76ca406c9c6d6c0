"""Texts of 40 languages, each fine and damaged by eight tables, and how many ftfy repairs or harms.

    python repair_peers.py corpus.jsonl            # writes the corpus, measures ftfy (pip install ftfy)
    bench/run bench/curator/TextRepairs.java corpus.jsonl

The texts are the translations in the gettext catalogues of this machine (/usr/share/locale): prose of programs, with its
quotes, dashes, accents and marks. Drawn with a seed; damage is UTF-8 read by a table of one byte a character, bytes that
it does not define read as the C1 controls of their number.
"""
import gettext
import glob
import json
import random
import sys
import time

LANGUAGES = ("bg ca cs da de el es et eu fa fi fr ga gl he hi hr hu id is it ja ka ko lt lv mk nb nl pl pt pt_BR ro ru sk "
             "sl sr sv th tr uk vi zh_CN").split()
TABLES = ("cp1252", "latin-1", "cp1251", "cp1250", "cp1254", "cp1253", "mac_roman", "cp437")
EACH = 60


def texts(language, draw):
    found = set()
    for name in sorted(glob.glob("/usr/share/locale/%s/LC_MESSAGES/*.mo" % language)):
        try:
            with open(name, "rb") as file:
                catalogue = gettext.GNUTranslations(file)._catalog
        except (OSError, UnicodeDecodeError, LookupError):
            continue
        found.update(text for key, text in catalogue.items()
                     if isinstance(text, str) and text != key and 20 <= len(text) <= 200 and not text.isascii()
                     and not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in text))
    return draw.sample(sorted(found), min(EACH, len(found)))


def damaged(text, table):
    out = []
    for byte in text.encode():
        try:
            out.append(bytes([byte]).decode(table))
        except UnicodeDecodeError:
            out.append(chr(byte))
    return "".join(out)


def main(path):
    import ftfy
    draw = random.Random(20261201)
    rows = []
    for language in LANGUAGES:
        for text in texts(language, draw):
            rows.append({"language": language, "table": "", "clean": text, "damaged": text})
            rows.extend({"language": language, "table": table, "clean": text, "damaged": damaged(text, table)}
                        for table in TABLES)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    start = time.process_time()
    for table in ("",) + TABLES:
        of = [row for row in rows if row["table"] == table]
        fixed = [ftfy.fix_encoding(row["damaged"]) for row in of]
        print("%-10s %5d texts: right %5d, left as they came %5d, another text %5d" % (
            table or "(fine)", len(of), sum(a == row["clean"] for a, row in zip(fixed, of)),
            sum(a == row["damaged"] != row["clean"] for a, row in zip(fixed, of)),
            sum(a not in (row["damaged"], row["clean"]) for a, row in zip(fixed, of))))
    print("ftfy %s: %d texts in %.1f s of processor time" % (ftfy.__version__, len(rows), time.process_time() - start))


main(sys.argv[1])
