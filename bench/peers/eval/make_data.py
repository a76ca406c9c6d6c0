"""Small data sets in the layout of the hub, made of public files that are here: ARC-Challenge and GSM8K.

    python make_data.py SHARED OUT

SHARED holds arc/arc_challenge_test.json and gsm8k/{train,test}.jsonl. What is no ARC and no GSM8K (HellaSwag, PIQA,
WinoGrande, BoolQ, OpenBookQA, TruthfulQA, MMLU, GPQA ...) is *like* its name: the fields are those of the data set, the
texts are made of ARC's and GSM8K's, so that prompts and figures of two harnesses can be compared without the data.
"""
import json
import pathlib
import random
import re
import sys

shared, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def write(path, items):
    path = out / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items))


gsm = rows(shared / "gsm8k/test.jsonl")
train = rows(shared / "gsm8k/train.jsonl")
arc = []
for row in json.loads((shared / "arc/arc_challenge_test.json").read_text()):
    text = row["instruction"].split("question: ", 1)[1].split("\n\nAnswer format")[0]
    question, answers = text.split("\n\n", 1)
    choices = [part.strip() for part in re.split(r"Answer\d+: ", answers)[1:]]
    if len(choices) == 4 and row["answer"][-1] in "1234":
        arc.append((question, choices, int(row["answer"][-1]) - 1))

write("openai/gsm8k/main/test.jsonl", gsm[:200])
write("openai/gsm8k/main/train.jsonl", train[:400])


def arc_row(i):
    question, choices, gold = arc[i]
    return {"id": f"q{i}", "question": question, "choices": {"text": choices, "label": list("ABCD")},
            "answerKey": "ABCD"[gold]}


for name, start in (("ARC-Challenge", 0), ("ARC-Easy", 500)):
    write(f"allenai/ai2_arc/{name}/test.jsonl", [arc_row(start + i) for i in range(200)])
    write(f"allenai/ai2_arc/{name}/train.jsonl", [arc_row(start + 200 + i) for i in range(200)])
    write(f"allenai/ai2_arc/{name}/validation.jsonl", [arc_row(start + 400 + i) for i in range(50)])


def book(i):
    row = arc_row(i)
    return {"id": row["id"], "question_stem": row["question"], "choices": row["choices"],
            "answerKey": row["answerKey"]}


for split, start in (("test", 0), ("train", 300), ("validation", 600)):
    write(f"allenai/openbookqa/main/{split}.jsonl", [book(start + i) for i in range(100)])

for subject in ("anatomy", "astronomy"):
    start = 100 if subject == "anatomy" else 300
    for split, n, offset in (("test", 60, 0), ("dev", 5, 100), ("validation", 10, 150)):
        write(f"cais/mmlu/{subject}/{split}.jsonl",
              [{"question": arc[start + offset + i][0] + " ", "subject": subject, "choices": arc[start + offset + i][1],
                "answer": arc[start + offset + i][2]} for i in range(n)])


def sentences(text):
    return [part.strip() for part in re.split(r"(?<=[.!?]) +", text.replace("\n", " ")) if part.strip()]


rnd = random.Random(0)
stories = [s for s in (sentences(row["question"]) for row in gsm + train) if len(s) >= 3]


def swag(i):
    story = stories[i]
    endings = [story[2]] + [stories[(i + k * 7) % len(stories)][2] for k in (1, 2, 3)]
    order = [0, 1, 2, 3]
    rnd.shuffle(order)
    return {"ind": i, "activity_label": "Word problem [title]", "ctx_a": story[0], "ctx_b": story[1].lower(),
            "ctx": story[0] + " " + story[1], "endings": [endings[j] + "  [step] ok" for j in order],
            "label": str(order.index(0))}


for split, start, n in (("validation", 0, 100), ("train", 500, 100)):
    write(f"Rowan/hellaswag/{split}.jsonl", [swag(start + i) for i in range(n)])
    write(f"baber/piqa/{split}.jsonl",
          [{"goal": arc[start // 2 + i][0], "sol1": arc[start // 2 + i][1][arc[start // 2 + i][2]],
            "sol2": arc[start // 2 + i][1][(arc[start // 2 + i][2] + 1) % 4], "label": 0} if i % 2 else
           {"goal": arc[start // 2 + i][0], "sol1": arc[start // 2 + i][1][(arc[start // 2 + i][2] + 1) % 4],
            "sol2": arc[start // 2 + i][1][arc[start // 2 + i][2]], "label": 1} for i in range(n)])
    write(f"allenai/winogrande/winogrande_xl/{split}.jsonl",
          [{"sentence": f"Because {stories[start + i][0][:-1]}, _ was asked: {stories[start + i][-1]}",
            "option1": "Ann", "option2": "the old man", "answer": str(1 + i % 2)} for i in range(n)])
    write(f"aps/super_glue/boolq/{split}.jsonl",
          [{"question": stories[start + i][1].lower().rstrip(".?"), "passage": " ".join(stories[start + i]),
            "idx": i, "label": i % 2} for i in range(n)])

write("truthfulqa/truthful_qa/multiple_choice/validation.jsonl",
      [{"question": arc[700 + i][0],
        "mc1_targets": {"choices": [arc[700 + i][1][arc[700 + i][2]]] + [c for j, c in enumerate(arc[700 + i][1])
                                                                        if j != arc[700 + i][2]],
                        "labels": [1, 0, 0, 0]},
        "mc2_targets": {"choices": arc[700 + i][1], "labels": [1 if j in (arc[700 + i][2], 0) else 0
                                                               for j in range(4)]}} for i in range(60)])
write("texts/test.jsonl", [{"page": " ".join(s for row in gsm[10 * i:10 * i + 3] for s in sentences(row["question"]))}
                           for i in range(12)])
print("made", out)
