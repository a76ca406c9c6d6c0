"""Compares what lm_eval and we wrote: prompts byte for byte, figures to four digits.

    python compare.py THEIRS OURS

Exits with 1 where any differs.
"""
import glob
import json
import sys

theirs, ours = sys.argv[1], sys.argv[2]


def newest(pattern):
    found = sorted(glob.glob(pattern, recursive=True))
    return found[-1] if found else None


def lines(path):
    return [json.loads(line) for line in open(path)]


bad = 0
left = json.load(open(newest(theirs + "/**/results_*.json")))["results"]
right = json.load(open(newest(ours + "/**/results_*.json")))["results"]
for name, row in left.items():
    task = name.removesuffix("_here")
    a = lines(newest(f"{theirs}/**/samples_{name}_*.jsonl"))
    b = lines(newest(f"{ours}/**/samples_{task}_*.jsonl") or newest(f"{ours}/**/samples_{name}_*.jsonl"))
    key = lambda line: (line["doc_id"], line["filter"])
    mine = {key(line): line for line in b}
    prompts = same = answers = hashes = 0
    for line in a:
        other = mine[key(line)]
        for k, arg in line["arguments"].items():
            prompts += 1
            own = other["arguments"].get(k, {})
            equal = own.get("arg_0") == arg["arg_0"] and (not isinstance(arg.get("arg_1"), str)
                                                          or own.get("arg_1") == arg["arg_1"])
            if not equal and same == prompts - 1:
                print("first prompt that differs:", task, k, repr(arg), repr(own), sep="\n  ")
            same += equal
        if isinstance(line["resps"][0][0], str):
            answers += line["resps"] == other["resps"]
            if line["resps"] != other["resps"] and "-v" in sys.argv:
                print(repr(line["resps"]), repr(other["resps"]), sep="\n  ")
        else:
            answers += all(abs(float(x[0][0]) - float(y[0][0])) < 2e-3 and x[0][1] == y[0][1]
                           for x, y in zip(line["resps"], other["resps"]))
        hashes += all(line[h] == other[h] for h in ("prompt_hash", "target_hash", "doc_hash"))
    figures = {k: v for k, v in row.items() if "," in k}
    own = right.get(task) or right.get(name)
    off = {k: (v, own.get(k)) for k, v in figures.items()
           if not (v == own.get(k) or isinstance(v, float) and isinstance(own.get(k), (int, float))
                   and (abs(v - own[k]) < 5e-5 * max(1, abs(v)) or v != v and own[k] != own[k]))}
    print(f"{task:28s} lines {len(a)}/{len(b)}  prompts {same}/{prompts}  answers {answers}/{len(a)}  "
          f"hashes {hashes}/{len(a)}  figures {len(figures) - len(off)}/{len(figures)} {off if off else ''}")
    bad += prompts - same + len(off) + (len(a) != len(b))
sys.exit(bad > 0)
