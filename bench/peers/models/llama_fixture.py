"""Makes models/src/test/resources/llama: a tiny Llama with random weights and what the reference implementation computes with it.

    python llama_fixture.py OUT_FOLDER        (torch 2.7.1, transformers 4.57; float32, processor)

The weights are representable in bfloat16 and stored so, which keeps the fixture small and checks that reading too. `expected.json` holds, for
the plain rope and for Llama 3's scaled rope with the same weights: logits of an unpadded prompt, 24 greedy tokens after it, hidden states of
the embedding and of every layer, attention probabilities of the first layer for the first positions, and gradients of a scalar of the logits.
"""
import json
import pathlib
import sys

import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM

out = pathlib.Path(sys.argv[1])
SCALED = {"rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16}
GRADIENTS = ["model.embed_tokens.weight", "model.layers.0.self_attn.k_proj.weight", "model.layers.1.post_attention_layernorm.weight"]
config = LlamaConfig(
    vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    max_position_embeddings=64, rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=False, initializer_range=0.4,
    bos_token_id=None, eos_token_id=63, pad_token_id=0, attn_implementation="eager")
torch.manual_seed(20)
model = LlamaForCausalLM(config).eval()
with torch.no_grad():
    for name, weight in model.named_parameters():
        if "norm" in name:
            weight.uniform_(0.5, 1.5)
        weight.copy_(weight.to(torch.bfloat16).float())
state = {name: weight.detach().clone() for name, weight in model.named_parameters()}
model.to(torch.bfloat16).save_pretrained(out)

prompt = torch.randint(1, 63, (1, 23), generator=torch.Generator().manual_seed(3))
direction = torch.randn(1, 23, 64, generator=torch.Generator().manual_seed(4))


def rounded(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().flatten().tolist()]


def answers(scaling):
    config.rope_scaling = scaling
    config.torch_dtype = torch.float32
    model = LlamaForCausalLM(config).eval().float()
    model.load_state_dict(state)
    result = model(prompt, output_hidden_states=True, output_attentions=True)
    (result.logits * direction).sum().backward()
    weights = dict(model.named_parameters())
    greedy = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=24, do_sample=False, eos_token_id=None)
    return {
        "logits_last_4": rounded(result.logits[0, -4:]),
        "greedy": greedy[0, prompt.shape[1]:].tolist(),
        "hidden_norms": [rounded(h.norm(dim=-1)[0]) for h in result.hidden_states[:-1]],
        "hidden_0": rounded(result.hidden_states[1][0, -1]),
        "attention_0": rounded(result.attentions[0][0, 3, -1]),
        "gradients": {
            name: {"norm": float(f"{weights[name].grad.norm().item():.8g}"), "first": rounded(weights[name].grad.flatten()[:64])}
            for name in GRADIENTS
        },
    }


expected = {
    "made_by": {"torch": torch.__version__, "transformers": transformers.__version__},
    "prompt": prompt[0].tolist(),
    "direction": rounded(direction),
    "scaled_rope": SCALED,
    "plain": answers(None),
    "scaled": answers(SCALED),
}
(out / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
