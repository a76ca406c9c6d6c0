"""Holds `perplexity` and `ifd` of a curation to transformers.

    python bench/peers/curator/scores.py MODEL RUN/curate [ROWS]

MODEL is a Hugging Face folder, RUN one of `steps: [{perplexity: {model: m}}, {ifd: {model: m}}]`, which keeps all rows.
Prints the largest differences in nats per token, over the first ROWS rows or all.
Made with transformers 4.57.6 and torch 2.7.1, float32, one row at a time.
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

model_folder, run = sys.argv[1:3]
most = int(sys.argv[3]) if len(sys.argv) > 3 else None
torch.set_num_threads(1)
tokenizer = AutoTokenizer.from_pretrained(model_folder)
model = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32).eval()


def loss(context, answer):
    """Mean negative log-likelihood of the answer's tokens behind the context, in nats."""
    before = tokenizer(context, add_special_tokens=False).input_ids if context else [tokenizer.bos_token_id]
    both = tokenizer(context + answer, add_special_tokens=False).input_ids
    if not context:
        both = both if both[0] == before[0] else before + both
    ids = torch.tensor([both])
    labels = ids.clone()
    labels[0, : len(before)] = -100
    with torch.no_grad():
        return model(ids, labels=labels).loss.item()


rows = [json.loads(line) for line in open(run + "/train.jsonl")][:most]
decisions = [json.loads(line) for line in open(run + "/decisions.jsonl")][:most]
worst = {"perplexity.answer": 0.0, "perplexity.whole": 0.0, "ifd.alone": 0.0, "ifd.ifd": 0.0}
for row, decision in zip(rows, decisions, strict=True):
    *turns, last = row["messages"]
    opening = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    conditioned = loss(opening, last["content"])
    alone = loss("", last["content"])
    wanted = {"perplexity.answer": conditioned, "perplexity.whole": loss("", opening + last["content"]),
              "ifd.alone": alone, "ifd.ifd": conditioned / alone}
    for name in worst:
        if name in decision["scores"]:
            worst[name] = max(worst[name], abs(wanted[name] - decision["scores"][name]))
print(len(rows), "rows; largest differences:", {name: round(value, 7) for name, value in worst.items()})
