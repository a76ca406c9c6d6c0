"""Makes models/src/test/resources/sampling/processors.json: what transformers' logits processors leave of random
logits, in the order of its own generation, in float64. Read by SamplingParityTest.

    python bench/peers/models/sampling.py models/src/test/resources/sampling/processors.json
"""

import json
import sys

import torch
import transformers
from transformers import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    SequenceBiasLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
    TypicalLogitsWarper,
)

VOCAB = 200

CASES = [
    {},
    {"temperature": 0.7},
    {"top_k": 7},
    {"top_k": 100, "top_p": 0.5},
    {"top_p": 0.9},
    {"top_p": 0.9, "spread": 0.5},
    {"min_p": 0.05},
    {"top_k": 40, "top_p": 0.8, "min_p": 0.1, "temperature": 1.5},
    {"typical_p": 0.2},
    {"typical_p": 0.9},
    {"typical_p": 0.5, "spread": 0.5},
    {"typical_p": 0.6, "top_k": 20, "temperature": 1.3},
    {"typical_p": 0.7, "top_p": 0.9, "min_p": 0.02},
    {"repetition_penalty": 1.3},
    {"repetition_penalty": 0.8, "top_k": 12},
    {"repetition_penalty": 1.5, "temperature": 0.8, "top_p": 0.95, "typical_p": 0.8},
    {"logit_bias": {"3": 4.0, "17": -100.0}},
    {"logit_bias": {"5": 2.5}, "repetition_penalty": 1.4, "top_k": 30, "min_p": 0.03},
]


def processors(case):
    made = []
    if "logit_bias" in case:
        made.append(SequenceBiasLogitsProcessor([[[int(k)], v] for k, v in case["logit_bias"].items()]))
    if "repetition_penalty" in case:
        made.append(RepetitionPenaltyLogitsProcessor(case["repetition_penalty"]))
    if "temperature" in case:
        made.append(TemperatureLogitsWarper(case["temperature"]))
    if "top_k" in case:
        made.append(TopKLogitsWarper(case["top_k"]))
    if "top_p" in case:
        made.append(TopPLogitsWarper(case["top_p"]))
    if "min_p" in case:
        made.append(MinPLogitsWarper(case["min_p"]))
    if "typical_p" in case:
        made.append(TypicalLogitsWarper(case["typical_p"]))
    return made


def main(out):
    torch.manual_seed(5)
    rows = []
    for number, case in enumerate(CASES):
        # float32 numbers, so that both sides begin with the same ones
        logits = (torch.randn(VOCAB) * case.get("spread", 2.0)).to(torch.float32).to(torch.float64)
        text = torch.randint(0, VOCAB, (30,))
        text[:3] = torch.topk(logits, 3).indices  # so that penalties matter
        scores = logits.unsqueeze(0)
        for processor in processors(case):
            scores = processor(text.unsqueeze(0), scores)
        p = torch.softmax(scores, -1)[0]
        rows.append({
            "sampling": {k: v for k, v in case.items() if k != "spread"},
            "logits": logits.tolist(),
            "text": text.tolist(),
            "kept": {str(i): x for i, x in enumerate(p.tolist()) if x > 0},
        })
    with open(out, "w") as file:
        json.dump({"transformers": transformers.__version__, "torch": torch.__version__, "cases": rows}, file,
                  separators=(",", ":"))
        file.write("\n")


main(sys.argv[1])
