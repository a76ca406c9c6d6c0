"""GGUF fixtures for the tests of models.gguf, and what Python's gguf package makes of them.

    python gguf_fixtures.py ../../../models/src/test/resources/gguf
    python gguf_fixtures.py --expect FILE.gguf OUT.safetensors     # every tensor of a file, dequantised

gguf 0.17 or later, numpy, safetensors.
"""

import sys
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as T
from safetensors.numpy import save_file

TYPES = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K",
         "IQ4_NL", "IQ4_XS"]
# Where the 16-bit fields of a block lie, and the 32-bit ones.
HALVES = {"F16": [0], "BF16": [0], "Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2],
          "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0],
          "IQ4_XS": [0]}
OTHER_SHORTS = {"IQ4_XS": [2]}
WORDS = {"F32": [0], "Q5_0": [2], "Q5_1": [4]}
WIDTH, ROWS = 512, 3


def blocks(name, rng):
    """Random bytes, but finite scales of ordinary size: [rows, bytes of a row]."""
    if name == "F32":
        return rng.standard_normal((ROWS, WIDTH)).astype(np.float32).view(np.uint8)
    size, each = gguf.GGML_QUANT_SIZES[T[name]]
    raw = rng.integers(0, 256, (ROWS, WIDTH // size, each), dtype=np.uint8)
    for at in HALVES[name]:
        values = rng.standard_normal(raw.shape[:2]).astype(np.float32)
        halves = (values.view(np.uint32) >> 16).astype(np.uint16) if name == "BF16" else values.astype(np.float16)
        raw[:, :, at:at + 2] = halves.view(np.uint8).reshape(*raw.shape[:2], 2)
    return raw.reshape(ROWS, -1)


def swapped(name, raw):
    size, each = gguf.GGML_QUANT_SIZES[T[name]]
    out = raw.copy().reshape(ROWS, -1, each)
    for at in HALVES.get(name, []) + OTHER_SHORTS.get(name, []):
        out[:, :, at:at + 2] = out[:, :, at:at + 2][:, :, ::-1]
    for at in WORDS.get(name, []):
        out[:, :, at:at + 4] = out[:, :, at:at + 4][:, :, ::-1]
    return out.reshape(ROWS, -1)


def write(path, tensors, big=False, alignment=0, **more):
    writer = gguf.GGUFWriter(str(path), "llama", endianess=gguf.GGUFEndian.BIG if big else gguf.GGUFEndian.LITTLE,
                             **more)
    if alignment:
        writer.add_custom_alignment(alignment)
    writer.add_context_length(77)
    writer.add_rope_freq_base(12345.5)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(["a", "\u0120b", "<|end|>"])
    writer.add_token_types([1, 1, 3])
    writer.add_add_bos_token(False)
    for name, raw in tensors.items():
        writer.add_tensor(name, swapped(name, raw) if big else raw, raw_dtype=T[name])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def by_ggml(name, rows):
    """Rows as blocks by ggml's own reference in C, which the xllamacpp wheel exports."""
    import ctypes
    import xllamacpp.xllamacpp as wheel
    call = getattr(ctypes.CDLL(wheel.__file__), f"quantize_row_{name.replace('Q', 'q')}_ref")
    call.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    size, each = gguf.GGML_QUANT_SIZES[T[name]]
    out = np.zeros((rows.shape[0], rows.shape[1] // size * each), np.uint8)
    for row, to in zip(rows, out):
        call(np.ascontiguousarray(row).ctypes.data, to.ctypes.data, row.size)
    return out


def quantised(out, rng):
    """Rows of several kinds, and their blocks in every type that is written."""
    rows = rng.standard_normal((6, 512)).astype(np.float32)
    rows[1] *= 0.02
    rows[2] = np.abs(rows[2]) * 3 + 1
    rows[3, :256] = 0
    rows[4] = np.round(rows[4] * 4) / 4
    rows[5] = rng.standard_t(2, 512).astype(np.float32) * 0.1
    tensors = {"rows": rows}
    for name in ["F16", "BF16", "Q8_0", "Q4_0", "Q5_0", "Q5_1"]:
        tensors[name] = np.ascontiguousarray(gguf.quants.quantize(rows, T[name])).view(np.uint8).reshape(6, -1)
    for name in ["Q4_K", "Q5_K", "Q6_K"]:
        tensors[name] = by_ggml(name, rows)
    save_file(tensors, out / "quantised.safetensors")


def permuted(weights, heads):
    """As llama.cpp's converter lays out queries and keys of a Llama."""
    return weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:]).swapaxes(1, 2).reshape(
        weights.shape)


def byte_letters():
    """GPT-2's alphabet of bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in plain]
    return [chr(b) for b in plain] + [chr(256 + i) for i in range(len(rest))]


def small_llama(out):
    """A random Llama with biases of the attention, as GGUF, and the folder's weights it came from."""
    rng = np.random.default_rng(7)
    hidden, heads, kv, width, layers = 32, 4, 2, 48, 2
    tokens = byte_letters() + ["\u0120t", "he", "\u0120the", "<|im_start|>", "<|im_end|>", "<tool>", "[PAD262]"]
    merges = ["\u0120 t", "h e", "\u0120t he"]
    kinds = [1] * 259 + [3, 3, 4, 5]
    weights = {"model.embed_tokens.weight": (len(tokens), hidden), "model.norm.weight": (hidden,),
               "lm_head.weight": (len(tokens), hidden)}
    gguf_names = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
    for i in range(layers):
        for name, other, shape in [
                ("input_layernorm", "attn_norm", (hidden,)), ("post_attention_layernorm", "ffn_norm", (hidden,)),
                ("self_attn.q_proj", "attn_q", (hidden, hidden)), ("self_attn.k_proj", "attn_k", (16, hidden)),
                ("self_attn.v_proj", "attn_v", (16, hidden)), ("self_attn.o_proj", "attn_output", (hidden, hidden)),
                ("mlp.gate_proj", "ffn_gate", (width, hidden)), ("mlp.up_proj", "ffn_up", (width, hidden)),
                ("mlp.down_proj", "ffn_down", (hidden, width))]:
            weights[f"model.layers.{i}.{name}.weight"] = shape
            gguf_names[f"model.layers.{i}.{name}"] = f"blk.{i}.{other}"
            if name.startswith("self_attn"):
                weights[f"model.layers.{i}.{name}.bias"] = shape[:1]
    weights = {name: rng.standard_normal(shape).astype(np.float32) for name, shape in weights.items()}
    save_file(weights, out / "small_llama.safetensors")
    writer = gguf.GGUFWriter(str(out / "small_llama.gguf"), "llama")
    writer.add_context_length(128)
    writer.add_embedding_length(hidden)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(width)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(500000.0)
    writer.add_rope_dimension_count(hidden // heads)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(259)
    writer.add_eos_token_id(260)
    writer.add_add_bos_token(True)
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m.content }}<|im_end|>{% endfor %}")
    for name, array in weights.items():
        base, kind = name.rsplit(".", 1)
        count = heads if "q_proj" in name else kv if "k_proj" in name else 0
        array = permuted(array, count) if count else array
        half = kind == "weight" and array.ndim > 1 and "down_proj" in name
        writer.add_tensor(f"{gguf_names[base]}.{kind}", np.ascontiguousarray(array.astype(np.float16) if half
                                                                             else array))
    low, high, original, factor = 1.0, 4.0, 8192, 8.0
    wave = 2 * np.pi * 500000.0 ** (np.arange(0, 8, 2) / 8)
    smooth = (original / wave - low) / (high - low)
    factors = np.where(wave < original / high, 1, np.where(wave > original / low, factor,
                                                           1 / ((1 - smooth) / factor + smooth)))
    writer.add_tensor("rope_freqs.weight", factors.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    if sys.argv[1] == "--expect":
        tensors = {t.name: np.ascontiguousarray(gguf.quants.dequantize(t.data, t.tensor_type)).astype(np.float32)
                   .reshape([int(n) for n in reversed(t.shape)]) for t in gguf.GGUFReader(sys.argv[2]).tensors}
        save_file(tensors, sys.argv[3])
        return
    out = Path(sys.argv[1])
    rng = np.random.default_rng(5)
    tensors = {name: blocks(name, rng) for name in TYPES}
    write(out / "types.gguf", tensors)
    write(out / "big_endian.gguf", tensors, big=True, alignment=64)
    write(out / "split.gguf", {name: tensors[name] for name in ["F16", "Q8_0", "Q4_K", "Q6_K"]}, split_max_tensors=2)
    small_llama(out)
    quantised(out, rng)
    expected = {}
    for name, raw in tensors.items():
        view = raw.view(np.float32) if name == "F32" else raw.view(np.float16) if name == "F16" else raw
        expected[name] = np.ascontiguousarray(gguf.quants.dequantize(view, T[name])).astype(np.float32)
    save_file(expected, out / "types.safetensors")


main()
