"""Makes models/src/test/resources/peft: adapters as PEFT saves them, each with the logits that PEFT's own model gives.

    python adapter_fixtures.py models/src/test/resources/peft        (torch 2.7.1, transformers 4.57.6, peft 0.21.2; float32)

base_NAME/           models that adapters are made for
NAME/                an adapter, the name of its base in adapter_config.json, and expected.safetensors: ids and logits

An adapter that PEFT refuses to merge, or that changed its base, has no logits: it is there to be refused.
"""
import json
import pathlib
import shutil
import sys
import warnings

import torch
import transformers
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, GPT2Config, LlamaConfig, Qwen2Config

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
torch.set_num_threads(1)
OUT = pathlib.Path(sys.argv[1])
SHAPE = dict(vocab_size=24, hidden_size=16, intermediate_size=12, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
             max_position_embeddings=32, bos_token_id=None, eos_token_id=1, pad_token_id=None)
BASES = {
    "llama": LlamaConfig(**SHAPE), "tied": LlamaConfig(**SHAPE, tie_word_embeddings=True), "qwen2": Qwen2Config(**SHAPE),
    "gpt2": GPT2Config(vocab_size=24, n_embd=16, n_layer=1, n_head=2, n_positions=32, bos_token_id=None, eos_token_id=1)}
IDS = torch.arange(2, 22).reshape(2, 10)
QV = ["q_proj", "v_proj"]


def load(name):
    return AutoModelForCausalLM.from_pretrained(OUT / ("base_" + name), torch_dtype=torch.float32)


def case(name, base, refused=False, rows=None, **config):
    torch.manual_seed(1)
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    model = load(base)
    if rows:
        model.resize_token_embeddings(rows)
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=2, lora_alpha=4, **config))
    torch.manual_seed(101)
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            parameter.data += torch.randn_like(parameter) * 0.1
    with torch.no_grad():
        logits = adapted(IDS).logits
        moved = (logits[..., :24] - load(base)(IDS).logits).abs().max()
    assert moved > 1e-3, (name, moved)
    adapted.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    file = folder / "adapter_config.json"
    settings = json.loads(file.read_text())
    settings["base_model_name_or_path"] = "base_" + base
    settings["target_modules"] = sorted(settings["target_modules"]) if isinstance(settings["target_modules"], list) else settings["target_modules"]
    file.write_text(json.dumps(settings, indent=1) + "\n")
    if not refused:
        save_file({"ids": IDS.float(), "logits": logits.contiguous()}, folder / "expected.safetensors")
    print(name, "moves logits by %.2g" % moved)


for name, config in BASES.items():
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config)
    for key, parameter in model.named_parameters():
        parameter.data += torch.randn_like(parameter) * (0.15 if parameter.dim() > 1 else 0.05)
    model.save_pretrained(OUT / ("base_" + name))
case("bias_all", "qwen2", target_modules=QV, bias="all")
case("bias_lora_only", "qwen2", target_modules=QV, bias="lora_only")
case("regex", "llama", target_modules=r"model\.layers\.1\..*(q|v)_proj")
case("last_layers", "llama", target_modules=QV, layers_to_transform=[1], layers_pattern="layers")
case("patterns", "llama", target_modules=["q_proj", "v_proj", "down_proj"], rank_pattern={"layers.0.self_attn.q_proj": 3, "q_proj": 1},
     alpha_pattern={"layers.0.self_attn.q_proj": 64, "q_proj": 16, ".*down_proj": 1, "down_proj": 99})
case("pattern_regex", "llama", target_modules=QV, alpha_pattern={r"^model\.layers\.(0|1)\.self_attn\.q_proj": 32, "v_proj": 2})
case("rslora_dora", "llama", target_modules=QV, use_dora=True, use_rslora=True)
case("head_untied", "llama", target_modules=["q_proj", "lm_head"])
case("embed_untied", "llama", target_modules=["q_proj", "embed_tokens"])
case("save_both_untied", "llama", target_modules=QV, modules_to_save=["embed_tokens", "lm_head"])
case("save_norms", "llama", target_modules=QV, modules_to_save=["norm", "input_layernorm"])
case("save_both_tied", "tied", target_modules=QV, modules_to_save=["embed_tokens", "lm_head"])
case("save_head_tied", "tied", target_modules=QV, modules_to_save=["lm_head"])
case("save_embed_tied", "tied", target_modules=QV, modules_to_save=["embed_tokens"])
case("save_embed_kept_tied", "tied", target_modules=QV, modules_to_save=["embed_tokens"], ensure_weight_tying=True)
case("lora_head_tied", "tied", target_modules=["q_proj", "lm_head"])
case("lora_embed_tied", "tied", target_modules=["q_proj", "embed_tokens"])
case("lora_embed_kept_tied", "tied", target_modules=["q_proj", "embed_tokens"], ensure_weight_tying=True)
case("tokens", "llama", target_modules=QV, trainable_token_indices={"embed_tokens": [5, 7]})
case("tokens_both", "llama", target_modules=QV, trainable_token_indices={"embed_tokens": [5, 7], "lm_head": [3]})
case("tokens_tied", "tied", target_modules=QV, trainable_token_indices=[5, 7])
case("gpt2", "gpt2", target_modules=["c_attn", "c_proj"])
case("gpt2_head", "gpt2", target_modules=["c_attn", "lm_head"])
case("gpt2_save", "gpt2", target_modules=["c_attn"], modules_to_save=["wte", "lm_head"])
case("resized_untied", "llama", rows=26, target_modules=QV, modules_to_save=["embed_tokens", "lm_head"])
case("resized_head", "llama", rows=26, target_modules=["q_proj", "lm_head", "embed_tokens"])
case("replication", "llama", target_modules=QV, layer_replication=[[0, 2], [1, 2]])
case("orthogonal", "llama", target_modules=QV, init_lora_weights="orthogonal")
case("mica", "llama", target_modules=QV, init_lora_weights="mica")
case("pissa", "llama", refused=True, target_modules=QV, init_lora_weights="pissa")
case("olora", "llama", refused=True, target_modules=QV, init_lora_weights="olora")
case("alora", "llama", refused=True, target_modules=QV, alora_invocation_tokens=[5, 6])
case("lora_bias", "qwen2", refused=True, target_modules=QV, lora_bias=True)
