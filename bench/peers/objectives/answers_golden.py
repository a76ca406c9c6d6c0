"""Makes trainer/src/test/resources/dev/socratic/trainer/answers_golden.json: what the authors' own code says of whole answers.

    python answers_golden.py PEERS OUT.json        (torch 2.7.1, float32, processor)

PEERS is a folder with these files, each from the repository named, at the commit named; only their loss functions are run:
    dpo_trainer.py    huggingface/trl                  trl/trainer/dpo_trainer.py               release 0.24.0
    cpo_trainer.py    huggingface/trl                  trl/trainer/cpo_trainer.py               release 0.24.0
    minillm.py        microsoft/LMOps                  minillm/minillm/losses.py                4f2a9de
    minillm_utils.py  microsoft/LMOps                  minillm/minillm/utils.py                 4f2a9de
    distillm_2.py     jongwooko/distillm-2             src/distillm_trainer.py                  fe4cf9b
"""
import ast
import json
import math
import pathlib
import sys
import types
import typing

import torch
import torch.nn.functional as F

peers = pathlib.Path(sys.argv[1])


def functions(file, *names, **extra):
    """The named functions and classes of a source file, without what the file imports."""
    tree = ast.parse((peers / file).read_text())
    space = {"torch": torch, "F": F, "nn": torch.nn, "math": math, **extra, **vars(typing)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names:
            node.decorator_list = []
            exec(compile(ast.Module([node], []), file, "exec"), space)
    return types.SimpleNamespace(**{name: space[name] for name in names})


generator = torch.Generator().manual_seed(7)
student = torch.randn(3, 9, generator=generator) * 2
teacher = torch.randn(3, 9, generator=generator) * 2
labels = torch.tensor([4, 0, 8])

# Scores of four pairs, rewards and probabilities of two answers of four tokens, the second one short by a token where `mask` says so.
scores = torch.randn(4, 4, generator=generator) * 3
own = torch.randn(2, 4, generator=generator) - 3
advised = torch.randn(2, 4, generator=generator) - 3
mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
whole = torch.ones(2, 4, dtype=torch.long)


class Shapes:
    def __class_getitem__(cls, shape):
        return cls


cpu = types.SimpleNamespace(device="cpu")
enums = types.SimpleNamespace(ALPHA_DIVERGENCE=1, JS_DIVERGENCE=2)
dpo = lambda by, smoothing: functions("dpo_trainer.py", "dpo_loss", FDivergenceType=enums).dpo_loss(
    types.SimpleNamespace(accelerator=cpu, reference_free=False, f_divergence_type=0, beta=0.1, label_smoothing=smoothing),
    scores[:, 0], scores[:, 1], scores[:, 2], scores[:, 3], by)[0].mean()
simpo = functions("cpo_trainer.py", "cpo_loss").cpo_loss(
    types.SimpleNamespace(accelerator=cpu, alpha=0.0, beta=2.0, simpo_gamma=0.3, label_smoothing=0.0, loss_type="simpo"), scores[:, 0], scores[:, 1])[0].mean()
whiten = functions("minillm_utils.py", "whiten", dist=types.SimpleNamespace(is_initialized=lambda: False)).whiten
minillm = functions("minillm.py", "_get_advantages_and_returns", "_pg_loss", TensorType=Shapes, whiten=whiten)
args = types.SimpleNamespace(args=types.SimpleNamespace(gamma=1.0, cliprange=0.2))
white = minillm._get_advantages_and_returns(args, advised - own, 4, whole, True)
weight = torch.exp(own - torch.log((1 - 0.2) * torch.exp(own) + 0.2 * torch.exp(advised)))  # as sampler.py has it
# One sequence of three tokens, behind one that is not counted; the anchor is half the larger gap of its geometric means, so that the skew moves.
lead = lambda x: torch.cat([x, torch.zeros(1, 9)])[None]
paced = lambda anchor, back: functions("distillm_2.py", "get_batch_logps").get_batch_logps(
    lead(student), lead(teacher), torch.cat([torch.tensor([-100]), labels])[None], True, loss_type="distillm_v2", logp_logq=anchor, logq_logp=back)
# Two answers, of three tokens and of one.
two = functions("distillm_2.py", "get_batch_logps").get_batch_logps(
    torch.cat([lead(student), lead(student.flip(0))]), torch.cat([lead(teacher), lead(teacher.flip(0))]),
    torch.stack([torch.cat([torch.tensor([-100]), labels]), torch.tensor([-100, 8, -100, -100])]), True, loss_type="distillm_v2")
mean = lambda x: torch.log_softmax(x, -1).gather(1, labels[:, None]).mean().exp()
gap = mean(teacher) - mean(student)
anchor = float(gap) * 1.05
values = {
    "trl dpo": dpo("sigmoid", 0.0),
    "trl dpo smoothed 0.1": dpo("sigmoid", 0.1),
    "trl hinge": dpo("hinge", 0.0),
    "trl ipo": dpo("ipo", 0.0),
    "trl simpo": simpo,
    "minillm policy gradient": minillm._pg_loss(args, own, own, white, whole, weight),
    "minillm policy gradient of unequal answers": minillm._pg_loss(
        args, own, own, minillm._get_advantages_and_returns(args, (advised - own) * mask, 4, mask, False), mask, weight),
    "distillm_2 paced forward": paced(anchor, -anchor)[2].mean(),
    "distillm_2 paced reverse": paced(anchor, -anchor)[3].mean(),
    "distillm_2 forward of two answers": two[2].mean(),
    "distillm_2 reverse of two answers": two[3].mean(),
}
later = own + torch.randn(2, 4, generator=generator) * 0.3  # what the student says after an update
values["minillm policy gradient of a later update"] = minillm._pg_loss(args, later, own, white, whole, weight)
rows = lambda x: [[float(f"{v:.9g}") for v in row] for row in x.tolist()]
out = {
    "made_by": {"torch": torch.__version__},
    "student": rows(student), "teacher": rows(teacher), "labels": labels.tolist(),
    "scores": rows(scores), "own": rows(own), "advised": rows(advised), "white": rows(white), "later": rows(later), "anchor": anchor,
    "values": {name: float(f"{value.item():.9g}") for name, value in values.items()},
}
pathlib.Path(sys.argv[2]).write_text(json.dumps(out) + "\n")
