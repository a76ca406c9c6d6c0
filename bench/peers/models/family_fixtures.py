"""Makes models/src/test/resources/families: for each family of decoders a tiny checkpoint with random weights and what the reference
implementation computes with it.

    python family_fixtures.py OUT_FOLDER [NAME ...]        (torch 2.7.1, transformers 4.57.6; float32, processor)

A folder holds
    config.json            fields as the family's published checkpoints have them
    config_saved.json      the same config as transformers itself writes it
    model.safetensors      weights representable in bfloat16 and stored so, which keeps the fixture small and checks that reading too
    expected.safetensors   logits, hidden states of every layer, attention probabilities, and gradients of sum(logits * direction)
    expected.json          prompts, 32 greedy tokens after each, and fields that must matter

Random weights are large enough that windows, caps and positions change the logits: for each field in `matters` the script computes the logits
with another value and refuses a fixture where they stay the same. Greedy tokens are taken with and without a cache, and a seed at which two
tokens are about equally likely anywhere is refused.
"""
import json
import pathlib
import shutil
import sys
import tempfile

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

LENGTHS = [23, 9, 2]
NEW = 32
BASE = {
    "vocab_size": 64, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "rope_theta": 1000.0, "hidden_act": "silu", "tie_word_embeddings": False}
LAYER = "model.layers.1."
USUAL = ["model.embed_tokens.weight", "model.layers.0.self_attn.k_proj.weight", LAYER + "post_attention_layernorm.weight"]
HEADS = {"head_dim": 12}
LLAMA = {**BASE, "model_type": "llama"}
GEMMA = {"hidden_activation": "gelu_pytorch_tanh", "hidden_act": "gelu_pytorch_tanh", "tie_word_embeddings": True, "query_pre_attn_scalar": 20,
         "sliding_window": 5, **HEADS}


def scaled(factor=4.0, **rope):
    return {**LLAMA, "max_position_embeddings": 64, "rope_scaling": {"factor": factor, **rope}}


def case(config, gradients=USUAL, deviation=0.4, **matters):
    return {"config": config, "gradients": gradients, "deviation": deviation, "matters": matters}


CASES = {
    "llama_bias": case({**LLAMA, **HEADS, "attention_bias": True, "mlp_bias": True, "tie_word_embeddings": True},
                       ["model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.bias", LAYER + "mlp.down_proj.bias"],
                       rope_theta=50.0, rms_norm_eps=0.5),
    "llama_linear": case({**scaled(rope_type="linear"), "max_position_embeddings": 16},
                         rope_scaling={"rope_type": "linear", "factor": 6.0}),
    "llama_dynamic": case({**scaled(rope_type="dynamic"), "max_position_embeddings": 16},
                          rope_scaling={"rope_type": "dynamic", "factor": 12.0}),
    "llama_llama3": case(scaled(rope_type="llama3", low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16),
                         rope_scaling=None),
    "llama_yarn": case(scaled(rope_type="yarn", original_max_position_embeddings=16, beta_fast=4.0, beta_slow=1.0), rope_scaling=None),
    "qwen2": case({**BASE, "model_type": "qwen2", "use_sliding_window": False, "sliding_window": 5, "max_window_layers": 2},
                  ["model.embed_tokens.weight", "model.layers.0.self_attn.k_proj.bias", LAYER + "post_attention_layernorm.weight"],
                  rope_theta=50.0),
    "qwen2_window": case({**BASE, "model_type": "qwen2", "use_sliding_window": True, "sliding_window": 5, "max_window_layers": 1,
                          "num_hidden_layers": 3, "tie_word_embeddings": True},
                         max_window_layers=2, sliding_window=6, use_sliding_window=False),
    "qwen3": case({**BASE, **HEADS, "model_type": "qwen3", "attention_bias": False, "use_sliding_window": False, "sliding_window": None,
                   "max_window_layers": 2},
                  ["model.embed_tokens.weight", "model.layers.0.self_attn.k_norm.weight", LAYER + "self_attn.v_proj.weight"],
                  rope_theta=50.0, rms_norm_eps=0.5),
    "mistral": case({**BASE, **HEADS, "model_type": "mistral", "sliding_window": 5}, sliding_window=6, rope_theta=50.0),
    "gemma2": case({**BASE, **GEMMA, "model_type": "gemma2", "num_hidden_layers": 3, "attn_logit_softcapping": 2.0, "final_logit_softcapping": 8.0},
                   ["model.embed_tokens.weight", "model.layers.0.self_attn.k_proj.weight", LAYER + "post_feedforward_layernorm.weight"],
                   sliding_window=6, attn_logit_softcapping=None, final_logit_softcapping=None, query_pre_attn_scalar=2, rope_theta=50.0),
    "gemma3": case({**BASE, **GEMMA, "model_type": "gemma3_text", "num_hidden_layers": 4, "sliding_window_pattern": 3, "rope_local_base_freq": 100.0,
                    "rope_scaling": {"rope_type": "linear", "factor": 8.0}},
                   ["model.embed_tokens.weight", "model.layers.2.self_attn.q_norm.weight", LAYER + "pre_feedforward_layernorm.weight"],
                   sliding_window=6, sliding_window_pattern=2, rope_local_base_freq=1000.0, rope_scaling=None, rope_theta=50.0,
                   query_pre_attn_scalar=2),
    "phi3": case({**BASE, "model_type": "phi3", "partial_rotary_factor": 0.75, "sliding_window": 7, "original_max_position_embeddings": 64},
                 ["model.embed_tokens.weight", "model.layers.0.self_attn.qkv_proj.weight", LAYER + "mlp.gate_up_proj.weight"],
                 partial_rotary_factor=0.5, sliding_window=8),
    "phi3_long": case({**BASE, "model_type": "phi3", "max_position_embeddings": 64, "original_max_position_embeddings": 16,
                       "rope_scaling": {"type": "longrope", "short_factor": [1.0, 1.1, 1.3, 1.5], "long_factor": [1.0, 2.0, 3.5, 5.0]}},
                      ["model.embed_tokens.weight", "model.layers.0.self_attn.qkv_proj.weight", LAYER + "mlp.gate_up_proj.weight"],
                      rope_scaling=None),
    "olmo2": case({**BASE, "model_type": "olmo2"},
                  ["model.embed_tokens.weight", "model.layers.0.self_attn.k_norm.weight", LAYER + "post_feedforward_layernorm.weight"],
                  rope_theta=50.0, rms_norm_eps=0.5),
    "smollm3": case({**BASE, "model_type": "smollm3", "num_hidden_layers": 4, "no_rope_layers": [1, 0, 1, 0], "no_rope_layer_interval": 2,
                     "use_sliding_window": False, "sliding_window": None, "tie_word_embeddings": True},
                    no_rope_layers=[0, 1, 1, 0], rope_theta=50.0),
    "granite": case({**BASE, "model_type": "granite", "attention_bias": False, "mlp_bias": False, "embedding_multiplier": 12.0,
                     "attention_multiplier": 0.11, "residual_multiplier": 0.6, "logits_scaling": 3.0, "rope_scaling": None},
                    embedding_multiplier=1.0, attention_multiplier=1.0, residual_multiplier=1.0, logits_scaling=1.0),
    "gpt_neox": case({"model_type": "gpt_neox", "vocab_size": 64, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
                      "num_attention_heads": 4, "max_position_embeddings": 64, "rotary_pct": 0.5, "rotary_emb_base": 1000, "hidden_act": "gelu",
                      "layer_norm_eps": 1e-5, "use_parallel_residual": True, "tie_word_embeddings": False},
                     ["gpt_neox.embed_in.weight", "gpt_neox.layers.0.attention.query_key_value.weight", "gpt_neox.layers.1.input_layernorm.bias"],
                     rotary_pct=1.0, use_parallel_residual=False, rotary_emb_base=50, hidden_act="relu", layer_norm_eps=0.5),
    "gpt_neox_serial": case({"model_type": "gpt_neox", "vocab_size": 64, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
                             "num_attention_heads": 4, "max_position_embeddings": 64, "rotary_pct": 0.25, "rotary_emb_base": 1000,
                             "hidden_act": "gelu_new", "layer_norm_eps": 1e-5, "use_parallel_residual": False, "attention_bias": False},
                            ["embed_out.weight", "gpt_neox.layers.0.attention.query_key_value.weight", "gpt_neox.layers.1.mlp.dense_h_to_4h.bias"],
                            use_parallel_residual=True),
    "gpt2": case({"model_type": "gpt2", "vocab_size": 64, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64, "n_ctx": 64,
                  "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5},
                 ["transformer.wpe.weight", "transformer.h.0.attn.c_attn.weight", "transformer.h.1.mlp.c_fc.bias"],
                 activation_function="relu", layer_norm_epsilon=0.5),
    "mixtral": case({**BASE, "model_type": "mixtral", "intermediate_size": 24, "sliding_window": None, "num_local_experts": 4, "num_experts_per_tok": 2},
                    ["model.embed_tokens.weight", "model.layers.0.block_sparse_moe.gate.weight", "model.layers.1.block_sparse_moe.experts.2.w2.weight"],
                    num_experts_per_tok=1),
    "qwen3_moe": case({**BASE, **HEADS, "model_type": "qwen3_moe", "num_hidden_layers": 3, "num_experts": 5, "num_experts_per_tok": 2,
                       "moe_intermediate_size": 16, "norm_topk_prob": False, "decoder_sparse_step": 1, "mlp_only_layers": [1],
                       "use_sliding_window": False, "sliding_window": None},
                      ["model.layers.1.mlp.up_proj.weight", "model.layers.0.mlp.gate.weight", "model.layers.2.mlp.experts.3.gate_proj.weight"],
                      num_experts_per_tok=1, norm_topk_prob=True),
}


def rounded(model, seed, deviation, plus_one):
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1:
                # A scaled, tied embedding would drown what the layers add, and every token would be followed by itself.
                weight.normal_(0, 0.15 if plus_one and "embed" in name else deviation)
            elif name.endswith("bias"):
                weight.normal_(0, 0.3)
            else:
                weight.uniform_(0.5, 2.5 if plus_one else 1.5)
            weight.copy_(weight.to(torch.bfloat16).float())


def load(folder):
    """Anew each time: a rope that depends on the length keeps what it saw."""
    return AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float32, attn_implementation="eager").eval()


def write_config(folder, config):
    architecture = AutoModelForCausalLM._model_mapping[type(AutoConfig.for_model(config["model_type"]))].__name__
    text = {"architectures": [architecture], **config, "torch_dtype": "bfloat16", "bos_token_id": None, "eos_token_id": 63, "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps(text, indent=2) + "\n")


def greedy(folder, prompt, cache):
    model = load(folder)
    model.generation_config.eos_token_id = None
    result = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=NEW, do_sample=False, use_cache=cache,
                            return_dict_in_generate=True, output_scores=True)
    top = torch.stack([score[0].topk(2).values for score in result.scores])
    return result.sequences[0, prompt.shape[1]:].tolist(), (top[:, 0] - top[:, 1]).min().item()


def logits(folder, prompt):
    with torch.no_grad():
        return load(folder)(prompt).logits


def matters(folder, case, prompt):
    """By how much the logits change where one field is another."""
    plain = logits(folder, prompt)
    result = {}
    for field, value in case["matters"].items():
        with tempfile.TemporaryDirectory() as other:
            other = pathlib.Path(other)
            shutil.copy(folder / "model.safetensors", other)
            write_config(other, {**case["config"], field: value})
            result[field] = (logits(other, prompt) - plain).abs().max().item()
            assert result[field] > 0.02, (folder.name, field, result[field])
    return result


def make(folder, case, seed):
    config = case["config"]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_config(folder, config)
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), attn_implementation="eager")
    rounded(model, seed, case["deviation"], config["model_type"].startswith("gemma"))
    with tempfile.TemporaryDirectory() as saved:
        model.to(torch.bfloat16).save_pretrained(saved)
        shutil.copy(pathlib.Path(saved) / "model.safetensors", folder)
        shutil.copy(pathlib.Path(saved) / "config.json", folder / "config_saved.json")
    prompts = [torch.randint(1, 63, (1, n), generator=torch.Generator().manual_seed(seed + n)) for n in LENGTHS]
    cached = [greedy(folder, prompt, True) for prompt in prompts]
    uncached = [greedy(folder, prompt, False) for prompt in prompts]
    if min(gap for _, gap in cached + uncached) < 1e-3 or any(len(set(tokens)) < 6 for tokens, _ in cached):
        print(f"{folder.name:16} seed {seed} refused: {min(gap for _, gap in cached + uncached):.1g} {[len(set(t)) for t, _ in cached]}", flush=True)
        return False
    steady = [t for t, _ in cached] == [t for t, _ in uncached]
    assert steady or "rope_scaling" in config, folder.name
    changes = matters(folder, case, prompts[0])
    direction = torch.randn(1, LENGTHS[0], config["vocab_size"], generator=torch.Generator().manual_seed(4))
    model = load(folder)
    result = model(prompts[0], output_hidden_states=True, output_attentions=True)
    (result.logits * direction).sum().backward()
    weights = dict(model.named_parameters())
    arrays = {"logits": result.logits[0], "direction": direction[0]}
    arrays |= {f"hidden.{i}": hidden[0] for i, hidden in enumerate(result.hidden_states)}
    arrays |= {f"attention.{i}": attention[0] for i, attention in enumerate(result.attentions)}
    arrays |= {f"gradient.{name}": weights[name].grad for name in case["gradients"]}
    save_file({name: array.detach().contiguous() for name, array in arrays.items()}, folder / "expected.safetensors")
    expected = {
        "made_by": {"torch": torch.__version__, "transformers": transformers.__version__, "seed": seed},
        "prompts": [prompt[0].tolist() for prompt in prompts],
        "greedy": [tokens for tokens, _ in cached],
        "greedy_without_cache": [tokens for tokens, _ in uncached],
        "gradients": case["gradients"],
        "matters": case["matters"],
    }
    (folder / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert size <= 300 * 1024, (folder.name, size)
    print(f"{folder.name:16} seed {seed} {size // 1024} KB, steady {steady}, largest logit {result.logits.abs().max():.2f}, "
          + ", ".join(f"{field} {change:.2g}" for field, change in changes.items()), flush=True)
    return True


if __name__ == "__main__":
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    for name in sys.argv[2:] or CASES:
        if not any(make(pathlib.Path(sys.argv[1]) / name, CASES[name], seed) for seed in range(20, 60)):
            raise SystemExit(f"{name}: no seed fits")
