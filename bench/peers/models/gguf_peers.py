"""llama.cpp itself (the xllamacpp wheel) beside us, for each family:

    python gguf_peers.py OUT REAL_FOLDER [--families llama,gemma2] -- COMMAND THAT RUNS GgufModels.java

makes small folders (a config, a real tokenizer), lets GgufModels.java give them random weights, answer greedily,
export and import them, and then looks that

- llama.cpp loads each GGUF and writes the same tokens greedily in float32;
- it reads varied texts as the same tokens as our tokenizer.json, before and after the way through GGUF;
- sentencepiece reads them so too, where the tokenizer is its own.

REAL_FOLDER: a model folder with a byte-level BPE tokenizer, such as SmolLM2's. xllamacpp 2026.10, tokenizers 0.22,
sentencepiece 0.2.
"""

import json
import random
import shutil
import subprocess
import sys
import unicodedata
import urllib.request
from pathlib import Path

BASE = {"vocab_size": 0, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "initializer_range": 0.3,
        "rope_theta": 10000.0}
GEMMA = {"head_dim": 32, "hidden_activation": "gelu_pytorch_tanh", "query_pre_attn_scalar": 32, "sliding_window": 16}
FAMILIES = {
    "llama": ("llama3", {"model_type": "llama", "attention_bias": True, "rope_theta": 500000.0, "rope_scaling": {
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192}}),
    "llama_linear": ("smollm", {"model_type": "llama", "tie_word_embeddings": True,
                                "rope_scaling": {"rope_type": "linear", "factor": 4.0}}),
    "llama_yarn": ("gpt2", {"model_type": "llama", "max_position_embeddings": 512, "rope_scaling": {
        "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 128}}),
    "llama_pieces": ("pieces", {"model_type": "llama"}),
    "mistral": ("pieces", {"model_type": "mistral", "head_dim": 32, "sliding_window": None}),
    "qwen2": ("qwen2", {"model_type": "qwen2", "tie_word_embeddings": True}),
    "qwen3": ("qwen2", {"model_type": "qwen3", "head_dim": 32}),
    "gemma2": ("pieces_plain", {"model_type": "gemma2", "num_hidden_layers": 4, "attn_logit_softcapping": 50.0,
                                "final_logit_softcapping": 30.0, **GEMMA}),
    "gemma3": ("pieces_plain", {"model_type": "gemma3_text", "num_hidden_layers": 6, "sliding_window_pattern": 6,
                                "rope_theta": 1000000.0, "rope_local_base_freq": 10000.0, **GEMMA}),
    "phi3": ("pieces", {"model_type": "phi3", "sliding_window": None, "partial_rotary_factor": 0.75,
                        "original_max_position_embeddings": 256, "max_position_embeddings": 512, "rope_scaling": {
                            "type": "longrope", "short_factor": [1.0, 1.5, 2.0, 2.5, 3.0, 3.5],
                            "long_factor": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}}),
    "smollm3": ("llama3", {"model_type": "smollm3", "num_hidden_layers": 5, "no_rope_layer_interval": 4,
                           "tie_word_embeddings": True}),
    "tekken": ("tekken", {"model_type": "mistral", "head_dim": 32, "sliding_window": None}),
    "phi4_mini": ("gpt4o", {"model_type": "phi3", "sliding_window": None, "tie_word_embeddings": True}),
}
ENDINGS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SLASH = REST.replace(r"[\r\n]*", r"[\r\n/]*", 1)
UP, LOW, BEFORE = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]", r"[^\r\n\p{L}\p{N}]?"
SPLITS = {
    "llama3": (rf"{ENDINGS}|{BEFORE}\p{{L}}+|\p{{N}}{{1,3}}|{REST}", True),
    "qwen2": (rf"{ENDINGS}|{BEFORE}\p{{L}}+|\p{{N}}|{REST}", False),
    "tekken": (rf"{BEFORE}{UP}*{LOW}+|{BEFORE}{UP}+{LOW}*|\p{{N}}|{SLASH}", True),
    "gpt4o": (rf"{BEFORE}{UP}*{LOW}+{ENDINGS}?|{BEFORE}{UP}+{LOW}*{ENDINGS}?|\p{{N}}{{1,3}}|{SLASH}", False),
}
TEXTS = [
    "Hello, world! It's 12345 o'clock; we'll see, WE'LL SEE, I'Ve been there.",
    "def f(x):\n\treturn x**2  # squares\n\n\n    if  x:\n        pass\r\n",
    "Zażółć gęślą jaźń. Съешь же ещё этих мягких булок. 你好，世界！ こんにちは 안녕하세요 مرحبا",
    "emoji 🦙🚀 family 👨‍👩‍👧‍👦 flags 🇩🇪 and e\u0301 combined, ﬁ ligature, ½ ² Ⅷ ١٢٣",
    "   leading and trailing   ", "\n", " ", "a", "...!!!???", "http://example.com/a/b?c=d&e=f#g/h//i",
    "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", "CamelCaseWords snake_case_words SHOUTING iPhone15Pro",
    "<|user|>  Hi<|end|>\n <s> a</s> b<|endoftext|> c", "tabs\t\tand\u00a0no-break\u2003em spaces\u200bzero", "3.14159 1,000,000 0x1F 10^9 1/2",
]


def texts():
    rng = random.Random(5)
    letters = "aeiou bcdt XYZ 0123 .,'\"-\n\t éßжд你好🦙"
    return TEXTS + ["".join(rng.choice(letters) for _ in range(rng.randrange(5, 60))) for _ in range(150)]


def byte_level(real, kind):
    """The real vocabulary, with text cut in another way."""
    file = json.loads((real / "tokenizer.json").read_text())
    if kind in SPLITS:
        regex, whole = SPLITS[kind]
        file["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": False},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]}
        file["model"]["ignore_merges"] = whole
    elif kind == "gpt2":
        file["pre_tokenizer"] = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
                                 "use_regex": True}
    file["model"].update(unk_token=None, byte_fallback=False, fuse_unk=False)
    file["decoder"] = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    return file, {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}


def pieces(out, prefix):
    """A SentencePiece BPE model trained here, as transformers converts it."""
    import sentencepiece as spm
    place = out / f"pieces{int(prefix)}"
    if not place.with_suffix(".model").exists():
        corpus = place.with_suffix(".txt")
        corpus.write_text("\n".join(TEXTS * 3 + [(Path(__file__).read_text())]))
        spm.SentencePieceTrainer.train(input=str(corpus), model_prefix=str(place), vocab_size=900, model_type="bpe",
                                       byte_fallback=True, character_coverage=0.99, normalization_rule_name="identity",
                                       add_dummy_prefix=prefix, remove_extra_whitespaces=False,
                                       split_digits=True, minloglevel=2, allow_whitespace_only_pieces=True)
    processor = spm.SentencePieceProcessor(model_file=str(place) + ".model")
    vocab = {processor.id_to_piece(i): i for i in range(processor.vocab_size())}
    normal = [i for i in range(processor.vocab_size())
              if not (processor.is_control(i) or processor.is_unknown(i) or processor.is_byte(i))]
    merges = []
    for i in normal:
        piece = processor.id_to_piece(i)
        halves = [(piece[:k], piece[k:]) for k in range(1, len(piece)) if piece[:k] in vocab and piece[k:] in vocab]
        merges += [(*half, processor.get_score(i)) for half in sorted(halves, key=lambda h: (vocab[h[0]], vocab[h[1]]))]
    merges.sort(key=lambda merge: -merge[2])
    steps = [{"type": "Prepend", "prepend": "▁"}] if prefix else []
    file = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [
        {"id": i, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
         "special": True} for i, token in enumerate(["<unk>", "<s>", "</s>"])],
        "normalizer": {"type": "Sequence", "normalizers": steps + [
            {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
        "pre_tokenizer": None, "post_processor": None,
        "decoder": {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
            {"type": "Fuse"}] + ([{"type": "Strip", "content": " ", "start": 1, "stop": 0}] if prefix else [])},
        "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True, "ignore_merges": False,
                  "vocab": vocab, "merges": [list(merge[:2]) for merge in merges]}}
    return file, {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}, processor


def prepare(out, real, names):
    processors = {}
    for name in FAMILIES:
        shutil.rmtree(out / name, ignore_errors=True)
    for name in names:
        kind, changes = FAMILIES[name]
        folder = out / name
        folder.mkdir(parents=True)
        if kind.startswith("pieces"):
            file, special, processors[name] = pieces(out, kind == "pieces")
        else:
            file, special = byte_level(real, kind)
        if name == "phi3":  # as published: blanks behind control tokens go, and there is an <|endoftext|>
            for i, token in enumerate(["<|endoftext|>", "<|user|>", "<|end|>"]):
                file["added_tokens"].append(file["added_tokens"][0] | {
                    "id": 900 + i, "content": token, "rstrip": i > 0})
                file["model"]["vocab"][token] = 900 + i
            file["added_tokens"][2]["rstrip"] = True
        (folder / "tokenizer.json").write_text(json.dumps(file, ensure_ascii=False))
        (folder / "tokenizer_config.json").write_text(json.dumps(special | {"add_bos_token": False}))
        size = max([*file["model"]["vocab"].values(), *(token["id"] for token in file["added_tokens"])]) + 9
        (folder / "config.json").write_text(json.dumps(BASE | changes | {"vocab_size": size}))
    return processors


class Llama:
    def __init__(self, file, context):
        import xllamacpp
        params = xllamacpp.CommonParams()
        params.model.path = str(file)
        params.n_ctx, params.n_parallel, params.warmup = context, 1, False
        params.cpuparams.n_threads = 1
        params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
        params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        self.server = xllamacpp.Server(params)

    def ask(self, path, **body):
        request = urllib.request.Request(self.server.listening_address + path, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    def greedy(self, prompt, count):
        return self.ask("/completion", prompt=prompt, n_predict=count, temperature=0.0, top_k=1, return_tokens=True,
                        ignore_eos=True, cache_prompt=False)["tokens"]

    def tokens(self, text):
        return self.ask("/tokenize", content=text, add_special=False, parse_special=True)["tokens"]


def check(folder, processor):
    from tokenizers import Tokenizer
    # LongRoPE's factors go by the length of the text here, by the size of the context in llama.cpp.
    llama = Llama(folder / "model.gguf", 256 if folder.name == "phi3" else 512)
    ours = json.loads((folder / "greedy.json").read_text())
    theirs = llama.greedy(ours["prompt"], len(ours["tokens"]))
    same = next((i for i, (a, b) in enumerate(zip(ours["tokens"], theirs)) if a != b), len(theirs))
    readers = [Tokenizer.from_file(str(folder / "tokenizer.json")), Tokenizer.from_file(str(folder / "back/tokenizer.json"))]
    counts, total = [0, 0, 0], 0
    for text in texts():
        if "qwen" in folder.name:  # whose tokenizers compose letters first, and llama.cpp does not
            text = unicodedata.normalize("NFC", text)
        expected = llama.tokens(text)
        total += 1
        for i, reader in enumerate(readers):
            got = reader.encode(text, add_special_tokens=False).ids
            counts[i] += got == expected
            if got != expected and counts[i] + 3 > total:
                print("   ", i, repr(text[:50]), got[:12], expected[:12])
        counts[2] += processor is None or processor.encode(text) == expected
    print(f"{folder.name:14} greedy {same}/{len(ours['tokens'])} (least ahead {min(ours['ahead']):.4f}), "
          f"tokenizer {counts[0]}/{total}, after GGUF {counts[1]}/{total}"
          + (f", sentencepiece {counts[2]}/{total}" if processor else ""), flush=True)
    return same == len(ours["tokens"]) and counts[1] == total


def main():
    options, command = sys.argv[1:sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1:]
    out, real = Path(options[0]), Path(options[1])
    names = options[options.index("--families") + 1].split(",") if "--families" in options else list(FAMILIES)
    out.mkdir(parents=True, exist_ok=True)
    processors = prepare(out, real, names)
    subprocess.run([*command, str(out)], check=True)
    good = [check(out / name, processors.get(name)) for name in names]
    print(f"{sum(good)} of {len(good)} families as llama.cpp has them")
    sys.exit(0 if all(good) else 1)


main()
