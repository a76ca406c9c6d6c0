"""What Microsoft presidio's recognisers find in the texts that PersonalData.java wrote, and in GSM8K.

    pip install presidio-analyzer      # patterns and check digits only: no language model is loaded
    python personal_data_presidio.py GSM8K.jsonl planted.jsonl
"""
import json
import sys
import time

from presidio_analyzer import predefined_recognizers as known

RECOGNISERS = {"EMAIL": (known.EmailRecognizer(), "EMAIL_ADDRESS"),
               "PHONE": (known.PhoneRecognizer(supported_regions=("US", "GB", "DE")), "PHONE_NUMBER"),
               "IBAN": (known.IbanRecognizer(), "IBAN_CODE"), "CARD": (known.CreditCardRecognizer(), "CREDIT_CARD"),
               "NATIONAL_ID": (known.UsSsnRecognizer(), "US_SSN"), "IP_ADDRESS": (known.IpRecognizer(), "IP_ADDRESS")}


def found(kind, text):
    recogniser, entity = RECOGNISERS[kind]
    return [text[one.start:one.end] for one in recogniser.analyze(text, [entity], None) if one.score > 0]


def main(gsm8k, planted):
    rows = [json.loads(line) for line in open(planted, encoding="utf-8")]
    for kind in RECOGNISERS:
        of = [row for row in rows if row["kind"] == kind]
        right = wrong = 0
        for row in rows:
            for value in found(kind, row["text"]):
                right += row["kind"] == kind and value == row["value"]
                wrong += row["kind"] != kind or value != row["value"]
        print("%-12s recall %.3f  precision %.3f" % (kind, right / len(of), right / max(1, right + wrong)))
    start = time.time()
    texts = [row[name] for row in map(json.loads, open(gsm8k, encoding="utf-8")) for name in ("question", "answer")]
    counts = {kind: sum(len(found(kind, text)) for text in texts) for kind in RECOGNISERS}
    print("GSM8K, %d rows: %s; %.0f rows/s" % (len(texts) // 2, counts, len(texts) / 2 / (time.time() - start)))


main(*sys.argv[1:])
