"""Adds to each folder of models/src/test/resources/families what the reference implementation computes with the same checkpoint in half precision.

    python half_fixtures.py FAMILIES_FOLDER [NAME ...]        (torch 2.7.1, transformers 4.57.6; processor, one thread)

A folder gets
    half.safetensors    for bfloat16 and float16: <type>.logits of the first prompt and <type>.gradient.<weight> of sum(logits * direction), in that
                        type, and <type>.change.<weight>, float32: how three AdamW steps changed some weights' masters; float32.change.<weight>
                        for comparison
    half.json           <type>.logits: how far they are from the float32 logits, root mean square and largest; <type>.greedy and <type>.gaps: 32
                        greedy tokens after the first prompt and by how much each was ahead of the next likeliest; <type>.losses of the steps

Weights are cast as a whole, attention is sdpa (eager where the family bounds its scores, which sdpa would leave out), with key and value heads
repeated: torch's own grouping falls back to another kernel on the processor, which rounds elsewhere. The steps learn to continue
the first prompt (mean cross-entropy of float32 logits, 22 predictions): gradients of weights in half precision, widened and divided by the loss scale,
change float32 masters by torch.optim.AdamW (learning rate 1e-3, betas 0.9 and 0.95, eps 1e-8, decay 0.1 where there are two axes), and the weights are
the masters rounded anew. float16 scales the loss by 65536 and halves the scale where a gradient is not finite, which skips the step, as
torch.amp.GradScaler does; bfloat16 scales by 1.
"""
import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.integrations import sdpa_attention

NEW = 32
STEPS = 3
SCALE = {torch.float32: 1.0, torch.bfloat16: 1.0, torch.float16: 65536.0}


def load(folder, dtype):
    """Anew each time: a rope that depends on the length keeps what it saw."""
    config = AutoConfig.from_pretrained(folder)
    eager = getattr(config, "attn_logit_softcapping", None) is not None
    return AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, attn_implementation="eager" if eager else "sdpa").eval()


def logits(folder, prompt, dtype):
    with torch.no_grad():
        return load(folder, dtype)(prompt).logits[0]


def gradients(folder, prompt, dtype, direction, names):
    model = load(folder, dtype)
    (model(prompt, use_cache=False).logits[0].float() * direction).sum().backward()
    weights = dict(model.named_parameters())
    return {name: weights[name].grad for name in names}


def greedy(folder, prompt, dtype):
    model = load(folder, dtype)
    model.generation_config.eos_token_id = None
    result = model.generate(prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=NEW, do_sample=False, return_dict_in_generate=True,
                            output_scores=True)
    top = torch.stack([score[0].float().topk(2).values for score in result.scores])
    return result.sequences[0, prompt.shape[1]:].tolist(), (top[:, 0] - top[:, 1]).tolist()


def steps(folder, prompt, dtype):
    """Losses of the steps that were taken, how many were skipped, the masters before and after."""
    model = load(folder, dtype)
    weights = dict(model.named_parameters())
    start = {name: weight.detach().float().clone() for name, weight in weights.items()}
    masters = {name: weight.clone() for name, weight in start.items()}
    optimizer = torch.optim.AdamW(
        [{"params": [m for m in masters.values() if m.dim() > 1], "weight_decay": 0.1},
         {"params": [m for m in masters.values() if m.dim() <= 1], "weight_decay": 0.0}],
        lr=1e-3, betas=(0.9, 0.95), eps=1e-8)
    scale = SCALE[dtype]
    losses, skipped = [], 0
    while len(losses) < STEPS:
        model.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(prompt, use_cache=False).logits[0, :-1].float(), prompt[0, 1:])
        (loss * scale).backward()
        for name, master in masters.items():
            gradient = weights[name].grad
            master.grad = torch.zeros_like(master) if gradient is None else gradient.float() / scale
        if not all(bool(torch.isfinite(master.grad).all()) for master in masters.values()):
            scale /= 2
            skipped += 1
            continue
        losses.append(loss.item())
        optimizer.step()
        with torch.no_grad():
            for name, master in masters.items():
                weights[name].copy_(master)
    return losses, skipped, start, masters


def compared(masters, names):
    small = [name for name in names if masters[name].numel() <= 1100]
    return small or [min(names, key=lambda name: masters[name].numel())]


def make(folder):
    expected = json.loads((folder / "expected.json").read_text())
    prompt = torch.tensor([expected["prompts"][0]])
    plain = logits(folder, prompt, torch.float32)
    direction = load_file(folder / "expected.safetensors")["direction"]
    arrays = {}
    result = {"made_by": {"torch": torch.__version__, "transformers": transformers.__version__}}
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        name = str(dtype).removeprefix("torch.")
        losses, skipped, start, masters = steps(folder, prompt, dtype)
        for weight in compared(masters, expected["gradients"]):
            arrays[f"{name}.change.{weight}"] = masters[weight] - start[weight]
        result[name] = {"losses": losses, "skipped": skipped}
        if dtype != torch.float32:
            half = logits(folder, prompt, dtype)
            gap = half.float() - plain
            arrays[f"{name}.logits"] = half
            for weight, gradient in gradients(folder, prompt, dtype, direction, compared(masters, expected["gradients"])).items():
                arrays[f"{name}.gradient.{weight}"] = gradient
            tokens, gaps = greedy(folder, prompt, dtype)
            result[name] |= {"logits": {"rms": gap.pow(2).mean().sqrt().item(), "largest": gap.abs().max().item()},
                             "greedy": tokens, "gaps": [round(g, 4) for g in gaps]}
    save_file({name: array.detach().contiguous().clone() for name, array in arrays.items()}, folder / "half.safetensors")
    (folder / "half.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
    print(folder.name, (folder / "half.safetensors").stat().st_size, "rms of float32 logits %.3f" % plain.pow(2).mean().sqrt().item(),
          {n: ["%.2g" % result[n]["logits"]["rms"], "%.2g" % result[n]["logits"]["largest"], "%.3g" % min(result[n]["gaps"]), result[n]["skipped"]] for n in ("bfloat16", "float16")},
          {n: ["%.3f" % l for l in result[n]["losses"]] for n in ("float32", "bfloat16", "float16")}, flush=True)
    for weight in compared(masters, expected["gradients"]):
        f = arrays[f"float32.change.{weight}"]
        print("   ", weight, {n: "%.3f" % ((arrays[f"{n}.change.{weight}"] - f).norm() / f.norm()).item() for n in ("bfloat16", "float16")}, flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    sdpa_attention.use_gqa_in_sdpa = lambda *ignored: False
    transformers.logging.set_verbosity_error()
    root = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:] or sorted(folder.name for folder in root.iterdir()):
        make(root / name)
