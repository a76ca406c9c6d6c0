"""Loads the folders that SaveFamilies.java wrote into transformers and prints the largest difference to the logits of the fixtures.

    python saved_families.py OUT_FOLDER models/src/test/resources        (torch 2.7.1, transformers 4.57.6)
"""
import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM

transformers.logging.set_verbosity_error()
torch.set_num_threads(1)
out, resources = map(pathlib.Path, sys.argv[1:])
worst = 0
for kind, auto in [("families", AutoModelForCausalLM), ("encoders", AutoModelForMaskedLM)]:
    for folder in sorted((out / kind).iterdir()):
        fixture = resources / kind / folder.name
        expected = json.loads((fixture / "expected.json").read_text())
        wanted = load_file(fixture / "expected.safetensors")["logits"]
        model, loading = auto.from_pretrained(folder, torch_dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
        assert not loading["missing_keys"] and not loading["unexpected_keys"] and not loading["mismatched_keys"], (folder.name, loading)
        with torch.no_grad():
            if kind == "families":
                gap = (model.eval()(torch.tensor([expected["prompts"][0]])).logits[0] - wanted).abs().max()
            else:
                mask = (torch.arange(wanted.shape[1]).unsqueeze(0) < torch.tensor(expected["lengths"]).unsqueeze(1)).long()
                gap = (model.eval()(torch.tensor(expected["ids"]), attention_mask=mask).logits - wanted).abs().mul(mask.unsqueeze(2)).max()
        worst = max(worst, gap.item())
        print(f"{folder.name:16} {gap.item():.1e}", flush=True)
print(f"largest of all {worst:.1e}")
