"""Loads a folder that Decoder.save wrote into transformers and prints the largest difference to the logits in a fixture's expected.json.

    python saved_folder.py SAVED_FOLDER models/src/test/resources/llama/expected.json
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM, GenerationConfig

expected = json.load(open(sys.argv[2]))
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], torch_dtype=torch.float32, attn_implementation="eager")
with torch.no_grad():
    logits = model(torch.tensor([expected["prompt"]])).logits[0, -4:].flatten()
print("largest difference", (logits - torch.tensor(expected["plain"]["logits_last_4"])).abs().max().item())
print("eos", GenerationConfig.from_pretrained(sys.argv[1]).eos_token_id)
