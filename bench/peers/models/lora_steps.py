"""Trains one adapter twice, here and with PEFT, and compares the loss of every step and the factors at the end.

    python lora_steps.py BASE WORK [--tiny] [--steps N] [--rows N] [--words N] [--targets all_linear|q_proj,v_proj,lm_head] [--dora] [--bits nf4] [--socratic CMD]
    (torch 2.7.1, transformers 4.57.6, peft 0.21.2; float32, one thread)

BASE is a Hugging Face folder with weights and tokenizer; with --tiny its tokenizer alone is taken, for a Llama of three layers and random
weights. Both sides begin with the factors that a training of one step at a rate of 1e-30 writes, which changes none, see the same rows in
every step; with --bits nf4 (QLoRA; needs bitsandbytes) PEFT's base is the matrices of the layers as bitsandbytes rounds them. Both use AdamW (betas 0.9 and 0.95, eps 1e-8, weight decay 0.1, gradient norm 1, rate 1e-3).
"""
import argparse
import json
import pathlib
import shlex
import subprocess
import time

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

WORDS = "the a small large model learns from many rows of text and says what it has read in its own words every day".split()


def texts(rows, words):
    generator = torch.Generator().manual_seed(3)
    return [" ".join(WORDS[i] for i in torch.randint(len(WORDS), (words + r % 5,), generator=generator)) for r in range(rows)]


def ours(args, base, work, name, steps, rate, lengths):
    """A step is one pass: a row a micro-batch, and as many tokens as there are."""
    longest, tokens = max(lengths) + 2, sum(lengths)
    targets = args.targets if args.targets == "all_linear" else "{modules: [%s]}" % args.targets
    config = work / f"{name}.yaml"
    config.write_text(f"""
name: {name}
student: {{folder: {{path: "{base}"}}}}
adapter: {{lora: {{r: 8, alpha: 16, targets: {targets}, use_dora: {str(args.dora).lower()}, base: {args.bits}}}}}
data: {{file: {{path: "{work}/rows.jsonl"}}}}
budget: {{steps: {{n: {steps}}}}}
batch_tokens: {tokens}
micro_tokens: {longest}
max_seq: {longest}
shuffle_buffer: {args.rows}
optimizer: {{learning_rate: {rate}, warmup: {{steps: {{n: 0}}}}, decay: constant, weight_decay: 0.1}}
dtype: float32
""")
    started = time.time()
    subprocess.run([*shlex.split(args.socratic), "train", str(config), "--out", str(work / "run"), "--threads", "1"], check=True,
                   stdout=subprocess.DEVNULL)
    folder = work / "run" / "train" / name
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return folder, [line for line in lines if "loss" in line], time.time() - started


def rounded(model, bits):
    if bits == "nf4":
        from bitsandbytes import functional
        for name, module in model.named_modules():
            if isinstance(module, torch.nn.Linear) and name != "lm_head":
                codes, state = functional.quantize_4bit(module.weight.data, quant_type="nf4", compress_statistics=True)
                module.weight.data = functional.dequantize_4bit(codes, state)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("base", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rows", type=int, default=8)
    parser.add_argument("--words", type=int, default=24)
    parser.add_argument("--targets", default="all_linear")
    parser.add_argument("--dora", action="store_true")
    parser.add_argument("--bits", default="none", choices=["none", "nf4"])
    parser.add_argument("--socratic", default="./socratic")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    work = args.work.resolve()
    work.mkdir(parents=True)
    tokenizer = AutoTokenizer.from_pretrained(args.base)
    base = args.base.resolve()
    if args.tiny:
        base = work / "base"
        shape = LlamaConfig(vocab_size=len(tokenizer), hidden_size=64, intermediate_size=160, num_hidden_layers=3, num_attention_heads=4,
                            num_key_value_heads=2, max_position_embeddings=256, tie_word_embeddings=True)
        LlamaForCausalLM(shape).save_pretrained(base)
        tokenizer.save_pretrained(base)
    rows = texts(args.rows, args.words)
    (work / "rows.jsonl").write_text("".join(json.dumps({"text": row}) + "\n" for row in rows))
    lengths = [len(tokenizer(row, add_special_tokens=False).input_ids) for row in rows]
    start, _, _ = ours(args, base, work, "start", 1, "1e-30", lengths)
    learned, lines, seconds = ours(args, base, work, "learned", args.steps, "0.001", lengths)

    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, attn_implementation="sdpa")
    rounded(model, args.bits)
    model = PeftModel.from_pretrained(model, start, is_trainable=True)
    model.train()
    factors = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW([{"params": [p for p in factors if p.dim() > 1]}, {"params": [p for p in factors if p.dim() < 2], "weight_decay": 0}],
                                  lr=1e-3, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
    batches = [torch.tensor([tokenizer(row, add_special_tokens=False).input_ids + [tokenizer.eos_token_id]]) for row in rows]
    bos = lines[0]["counted"] - sum(batch.shape[1] - 1 for batch in batches)
    if bos == len(rows):  # our rows begin with BOS
        batches = [torch.cat([torch.tensor([[tokenizer.bos_token_id]]), batch], 1) for batch in batches]
    count = sum(batch.shape[1] - 1 for batch in batches)
    assert count == lines[0]["counted"], (count, lines[0]["counted"])
    gaps, theirs, began = [], [], time.time()
    for step in range(args.steps):
        total = 0.0
        for batch in batches:
            logits = model(batch).logits[0, :-1]
            loss = torch.nn.functional.cross_entropy(logits.float(), batch[0, 1:], reduction="sum") / count
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(factors, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        theirs.append(total)
        gaps.append(abs(total - lines[step]["loss"]))
        print(f"step {step + 1:3d}  ours {lines[step]['loss']:.6f}  peft {total:.6f}  apart {gaps[-1]:.2e}")
    took = time.time() - began
    own = load_file(learned / "adapter_model.safetensors")
    state = {name.replace(".default", "").replace("magnitude_vector.weight", "magnitude_vector"): value for name, value in model.state_dict().items() if "lora_" in name}
    apart = max((own[name] - state[name]).abs().max().item() for name in own)
    size = max(value.abs().max().item() for value in state.values())
    print(f"{len(own)} factors, {sum(v.numel() for v in own.values())} numbers; loss {theirs[0]:.4f} -> {theirs[-1]:.4f}")
    print(f"largest gap of a loss {max(gaps):.2e}; of a factor {apart:.2e} (largest number {size:.3f})")
    print(f"seconds: ours {seconds:.1f} with start and saving, peft's loop {took:.1f}")
    plain = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    rounded(plain, args.bits)
    loaded = PeftModel.from_pretrained(plain, learned)
    with torch.no_grad():
        gap = (loaded(batches[0]).logits - model.eval()(batches[0]).logits).abs().max().item()
    print(f"our folder in PEFT: logits apart from PEFT's own training by {gap:.2e}")
    assert max(gaps) < 1e-3, "a step differs by more than 1e-3"


main()
