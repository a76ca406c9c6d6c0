"""Makes models/src/test/resources/ropes/frequencies.json: the bits of the reference's rope frequencies for a grid of settings.

    python rope_fixtures.py models/src/test/resources/ropes        (torch 2.7.1, transformers 4.57.6; float32, processor)

Each entry holds a config.json, the length of the sequence, and `bits`: the float32 numbers of inv_freq as 32-bit words.
"""
import json
import pathlib
import sys

import torch
from transformers import AutoConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

torch.set_num_threads(1)
BASE = {"vocab_size": 64, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 1, "num_attention_heads": 2, "rms_norm_eps": 1e-5,
        "bos_token_id": None, "eos_token_id": 63, "pad_token_id": None}
entries = []


def add(theta, dim, scaling=None, length=8, positions=64, kind="llama", **more):
    fields = {**BASE, "model_type": kind, "head_dim": dim, "num_key_value_heads": 2, "rope_theta": theta,
              "max_position_embeddings": positions, "rope_scaling": scaling, **more}
    if kind == "phi3":
        fields.pop("head_dim")
        fields["hidden_size"] = 2 * dim
    config = AutoConfig.for_model(**json.loads(json.dumps(fields)))
    rope = (scaling or {}).get("rope_type", (scaling or {}).get("type", "default"))
    seen = torch.tensor(length) if rope == "dynamic" and length > positions else length
    if rope == "dynamic" and length <= positions:
        seen = None
    frequencies, _ = ROPE_INIT_FUNCTIONS[rope](config, torch.device("cpu"), seq_len=seen)
    bits = [int(word) & 0xFFFFFFFF for word in frequencies.contiguous().view(torch.int32)]
    entries.append({"config": fields, "length": length, "bits": bits})


for theta, dim in [(10000.0, 64), (10000.0, 10), (1000000.0, 128), (500000.0, 128), (130000.0, 80), (777.0, 6), (5e6, 48), (26.5, 34)]:
    add(theta, dim)
for theta, dim, factor in [(10000.0, 64, 4.0), (10000.0, 40, 8.0), (1000000.0, 20, 3.3)]:
    add(theta, dim, {"rope_type": "linear", "factor": factor})
for theta, dim, factor, length in [(10000.0, 64, 2.0, 40), (10000.0, 64, 2.0, 65), (10000.0, 64, 2.0, 127), (130000.0, 80, 4.0, 100),
                                   (777.0, 6, 12.0, 300), (500000.0, 20, 1.7, 90)]:
    add(theta, dim, {"rope_type": "dynamic", "factor": factor}, length=length)
for theta, dim, factor, low, high, original in [(500000.0, 128, 8.0, 1.0, 4.0, 8192), (500000.0, 64, 32.0, 1.0, 4.0, 8192),
                                                (10000.0, 16, 8.0, 1.0, 4.0, 24), (1000.0, 34, 5.0, 0.7, 3.1, 100), (77.0, 12, 2.0, 1.0, 8.0, 30)]:
    add(theta, dim, {"rope_type": "llama3", "factor": factor, "low_freq_factor": low, "high_freq_factor": high,
                     "original_max_position_embeddings": original})
for theta, dim, factor, more in [
        (10000.0, 64, 4.0, {"original_max_position_embeddings": 16}), (1000000.0, 128, 4.0, {"original_max_position_embeddings": 32768}),
        (10000.0, 20, 2.5, {}), (10000.0, 40, 16.0, {"original_max_position_embeddings": 64, "beta_fast": 16, "beta_slow": 2}),
        (150000.0, 64, 32.0, {"original_max_position_embeddings": 4096, "truncate": False, "beta_fast": 32.0, "beta_slow": 1.0})]:
    add(theta, dim, {"rope_type": "yarn", "factor": factor, **more})
for theta, dim, length in [(10000.0, 16, 12), (10000.0, 16, 40), (250000.0, 24, 40)]:
    pairs = dim // 2
    add(theta, dim, {"type": "longrope", "short_factor": [1.0 + 0.13 * i for i in range(pairs)],
                     "long_factor": [1.5 + 1.1 * i for i in range(pairs)]}, length=length, kind="phi3", original_max_position_embeddings=16)
out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
(out / "frequencies.json").write_text("[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries) + "\n]\n")
print(len(entries), "settings")
