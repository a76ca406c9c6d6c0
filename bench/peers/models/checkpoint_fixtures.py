"""Makes models/src/test/resources/eight_bit and .../adapters: tiny checkpoints as other tools leave them, and what they mean.

    python checkpoint_fixtures.py OUT_FOLDER [NAME...]        (torch 2.7.1, transformers 4.57.6, peft 0.17.1; processor; nf4 and fp4 by
                                                               bitsandbytes 0.50.2)

eight_bit/NAME     a Llama whose projections are kept in 8 bits, laid out as DeepSeek-V3 and Qwen (fp8_block), compressed-tensors (fp8_tensor,
                   fp8_row, int8_row) and bitsandbytes (int8_bitsandbytes, nf4, fp4) do; expected.safetensors: logits of transformers with the weights
                   that torch makes of it, and one of these weights
adapters/base_*    models that adapters were made for
adapters/NAME      an adapter as peft saves it, and merged.safetensors: the tensors that peft's merge_and_unload changes
"""
import json
import pathlib
import shutil
import sys

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

IDS = torch.tensor([[3, 1, 4, 1, 5, 9, 2, 6]])
SHOWN = "model.layers.0.mlp.down_proj.weight"
FP8 = torch.float8_e4m3fn


def llama(hidden=32, width=40):
    return LlamaForCausalLM(LlamaConfig(
        vocab_size=32, hidden_size=hidden, intermediate_size=width, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1,
        max_position_embeddings=64, tie_word_embeddings=False, initializer_range=0.3, bos_token_id=None, eos_token_id=31, pad_token_id=0)).eval()


def blocks(scale, block, shape):
    return scale.repeat_interleave(block[0], 0)[:shape[0]].repeat_interleave(block[1], 1)[:, :shape[1]]


def fp8_block(w):
    block = (16, 16)
    padded = torch.zeros((-(-w.shape[0] // 16) * 16, -(-w.shape[1] // 16) * 16))
    padded[:w.shape[0], :w.shape[1]] = w
    largest = padded.view(padded.shape[0] // 16, 16, padded.shape[1] // 16, 16).abs().amax((1, 3))
    scale = largest / 448
    q = (w / blocks(scale, block, w.shape)).to(FP8)
    return {"weight": q, "weight_scale_inv": scale}, q.float() * blocks(scale, block, w.shape)


def fp8_tensor(w):
    scale = (w.abs().max() / 448).to(torch.bfloat16).reshape(1)
    q = (w / scale.float()).clamp(-448, 448).to(FP8)
    return {"weight": q, "weight_scale": scale, "input_scale": torch.ones(1)}, q.float() * scale.float()


def fp8_row(w):
    scale = w.abs().amax(1, keepdim=True) / 448
    q = (w / scale).to(FP8)
    return {"weight": q, "weight_scale": scale}, q.float() * scale


def int8_row(w):
    scale = (w.abs().amax(1, keepdim=True) / 127).to(torch.bfloat16)
    q = (w / scale.float()).round().clamp(-128, 127).to(torch.int8)
    return {"weight": q, "weight_scale": scale}, q.float() * scale.float()


def int8_bitsandbytes(w):
    scb = w.abs().amax(1)
    q = (w * 127 / scb[:, None]).round().to(torch.int8)
    return {"weight": q, "SCB": scb, "weight_format": torch.tensor(0, dtype=torch.uint8)}, q.float() * scb[:, None] / 127


def four_bits(w, kind, dtype, nested):
    """as transformers saves a Linear4bit"""
    from bitsandbytes.functional import dequantize_4bit, quantize_4bit
    codes, state = quantize_4bit(w.to(dtype), blocksize=64, compress_statistics=nested, quant_type=kind)
    parts = {"weight." + part.removeprefix("weight."): tensor for part, tensor in state.as_dict(packed=True).items()}
    return {"weight": codes, **parts}, dequantize_4bit(codes, state).float()


def nf4(w):
    return four_bits(w, "nf4", torch.bfloat16, True)


def fp4(w):
    return four_bits(w, "fp4", torch.float16, False)


# GPTQ and AWQ as their formats are published (AutoGPTQ's and AutoAWQ's torch code); neither tool is run here. compressed_tensors' own packing is.

def grid(w, group, symmetric):
    """codes [out, in] of 4 bits, zeros and scales [out, groups] in float16"""
    groups = w.view(w.shape[0], -1, group)
    low, high = groups.amin(2), groups.amax(2)
    if symmetric:
        scale = (groups.abs().amax(2) / 7.5).half()
        zero = torch.full_like(low, 8).int()
    else:
        scale = ((high - low) / 15).half()
        zero = (-low / scale.float()).round().clamp(1, 15).int()
    q = ((groups / scale.float().unsqueeze(2)).round() + zero.unsqueeze(2)).clamp(0, 15).int()
    return q.view(w.shape), zero, scale


def words(codes, order=range(8)):
    """[.., 8 n] -> int32 [.., n]"""
    parts = codes.view(*codes.shape[:-1], -1, 8).long()
    word = sum(parts[..., column] << 4 * place for place, column in enumerate(order))
    return (word - (word >= 2 ** 31).long() * 2 ** 32).int()


def gptq(w):
    order = torch.randperm(w.shape[1])  # inputs of a group lie apart, as with desc_act
    q, zero, scale = grid(w[:, order], 8, False)
    g_idx = torch.empty(w.shape[1], dtype=torch.int32)
    g_idx[order] = torch.arange(w.shape[1], dtype=torch.int32) // 8
    codes = torch.empty_like(q)
    codes[:, order] = q
    meant = scale.t()[g_idx.long()] * (codes.t() - zero.t()[g_idx.long()]).half()
    return {"qweight": words(codes).t().contiguous(), "qzeros": words(zero.t().contiguous() - 1), "scales": scale.t().contiguous(),
            "g_idx": g_idx}, meant.t().float()


def awq(w):
    q, zero, scale = grid(w, 8, False)
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    meant = (q - zero.repeat_interleave(8, 1)).half() * scale.repeat_interleave(8, 1)
    return {"qweight": words(q.t().contiguous(), order), "qzeros": words(zero.t().contiguous(), order),
            "scales": scale.t().contiguous()}, meant.float()


def compressed(w):
    from compressed_tensors.compressors.pack_quantized.helpers import pack_to_int32
    q, _, scale = grid(w, 8, True)
    meant = (q - 8).half() * scale.repeat_interleave(8, 1)
    return {"weight_packed": pack_to_int32((q - 8).to(torch.int8), 4), "weight_scale": scale,
            "weight_shape": torch.tensor(w.shape)}, meant.float()


EIGHT_BIT = {
    "gptq": (gptq, {"quant_method": "gptq", "bits": 4, "group_size": 8, "desc_act": True, "sym": False}),
    "awq": (awq, {"quant_method": "awq", "bits": 4, "group_size": 8, "version": "gemm", "zero_point": True}),
    "compressed_4": (compressed, {"quant_method": "compressed-tensors", "format": "pack-quantized", "config_groups": {
        "group_0": {"weights": {"num_bits": 4, "group_size": 8, "symmetric": True, "strategy": "group", "type": "int"}}}}),
    "fp8_block": (fp8_block, {"quant_method": "fp8", "fmt": "e4m3", "activation_scheme": "dynamic", "weight_block_size": [16, 16]}),
    "fp8_tensor": (fp8_tensor, {"quant_method": "compressed-tensors", "format": "float-quantized"}),
    "fp8_row": (fp8_row, {"quant_method": "compressed-tensors", "format": "float-quantized"}),
    "int8_row": (int8_row, {"quant_method": "compressed-tensors", "format": "int-quantized"}),
    "nf4": (nf4, {"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": True}),
    "fp4": (fp4, {"quant_method": "bitsandbytes", "load_in_4bit": True, "bnb_4bit_quant_type": "fp4", "bnb_4bit_use_double_quant": False}),
    "int8_bitsandbytes": (int8_bitsandbytes, {"quant_method": "bitsandbytes", "load_in_8bit": True}),
}


def eight_bit(folder, name):
    quantise, said = EIGHT_BIT[name]
    torch.manual_seed(7)
    model = llama(64, 128) if name in ("nf4", "fp4") else llama()  # bitsandbytes 0.50.2 widens rows below a block of 64 wrongly on a processor
    stored, meant = {}, {}
    for key, value in model.state_dict().items():
        if "_proj" in key:
            parts, meant[key] = quantise(value)
            stored.update({key.removesuffix("weight") + part: tensor.contiguous() for part, tensor in parts.items()})
        else:
            stored[key] = meant[key] = value
    model.load_state_dict(meant)
    folder.mkdir(parents=True)
    config = json.loads(model.config.to_json_string())
    config["quantization_config"] = said
    (folder / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    save_file(stored, folder / "model.safetensors", {"format": "pt"})
    with torch.no_grad():
        save_file({"logits": model(IDS).logits, "weight": meant[SHOWN].contiguous()}, folder / "expected.safetensors")


def gpt2():
    return GPT2LMHeadModel(GPT2Config(vocab_size=32, n_embd=16, n_layer=1, n_head=2, n_positions=32, initializer_range=0.3,
                                      bos_token_id=None, eos_token_id=31, pad_token_id=0)).eval()


USUAL = {"r": 4, "lora_alpha": 6, "target_modules": ["q_proj", "down_proj"], "task_type": "CAUSAL_LM"}
ADAPTERS = {
    "plain": (llama, USUAL),
    "rank_stabilised": (llama, {**USUAL, "use_rslora": True}),
    "patterns": (llama, {**USUAL, "rank_pattern": {"down_proj": 2}, "alpha_pattern": {"layers.0.self_attn.q_proj": 3}}),
    "saved_modules": (llama, {**USUAL, "modules_to_save": ["lm_head", "input_layernorm"]}),
    "magnitudes": (llama, {**USUAL, "use_dora": True}),
    "transposed": (gpt2, {"r": 3, "lora_alpha": 5, "target_modules": ["c_attn"], "fan_in_fan_out": True, "task_type": "CAUSAL_LM"}),
    "transposed_magnitudes": (gpt2, {"r": 3, "lora_alpha": 5, "target_modules": ["c_attn"], "fan_in_fan_out": True, "use_dora": True,
                                     "task_type": "CAUSAL_LM"}),
}


def adapter(folder, name):
    make, arguments = ADAPTERS[name]
    torch.manual_seed(11)
    base = make()
    before = {key: value.clone() for key, value in base.state_dict().items()}
    base.save_pretrained(folder.parent / ("base_" + make.__name__))
    tuned = get_peft_model(base, LoraConfig(init_lora_weights=False, **arguments))
    with torch.no_grad():  # lengths and saved modules as if they had been trained
        for key, value in tuned.named_parameters():
            if "magnitude" in key or "modules_to_save" in key:
                value.mul_(1 + 0.3 * torch.rand_like(value))
    tuned.save_pretrained(folder)
    merged = tuned.merge_and_unload()
    merged.save_pretrained(folder / "out")
    changed = {key: value for key, value in load_file(folder / "out" / "model.safetensors").items() if not torch.equal(value, before[key])}
    save_file(changed, folder / "merged.safetensors", {"format": "pt"})
    shutil.rmtree(folder / "out")
    (folder / "README.md").unlink(missing_ok=True)
    (folder.parent / ("base_" + make.__name__) / "generation_config.json").unlink(missing_ok=True)


if __name__ == "__main__":
    out = pathlib.Path(sys.argv[1])
    for part, cases, make in (("eight_bit", EIGHT_BIT, eight_bit), ("adapters", ADAPTERS, adapter)):
        for name in cases if len(sys.argv) == 2 else [name for name in cases if name in sys.argv[2:]]:
            shutil.rmtree(out / part / name, ignore_errors=True)
            make(out / part / name, name)
            print(part, name)
