"""Gradients of verified reward by torch's own autograd, with the formulas of TRL 1.16 (trl/trainer/rloo_trainer.py and
grpo_trainer.py, loss_type grpo and dr_grpo), written down anew. Writes reward_golden.json for RewardTest.

    /path/to/python bench/peers/objectives/reward_golden.py trainer/src/test/resources/dev/socratic/trainer/reward_golden.json
"""
import json
import sys

import torch

torch.manual_seed(3)
lengths = [3, 5, 2, 4, 1, 6, 3, 2]  # two prompts with four answers each
rewards = torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0], dtype=torch.float64)
clip, most = 0.2, 8
now = [torch.randn(n, dtype=torch.float64) * 0.5 - 1.5 for n in lengths]
then = [x + torch.randn(len(x), dtype=torch.float64) * 0.2 for x in now]
groups = rewards.view(-1, 4)
advantages = {
    "rloo": ((groups - (groups.sum(1, keepdim=True) - groups) / 3)).view(-1),
    "dr_grpo": (groups - groups.mean(1, keepdim=True)).view(-1),
    "grpo": ((groups - groups.mean(1, keepdim=True)) / (groups.std(1, keepdim=True) + 1e-4)).view(-1),
}


def loss(how, logs):
    total = 0
    for i, log in enumerate(logs):
        ratio = torch.exp(log - then[i])
        a = advantages[how][i]
        each = -torch.minimum(a * ratio, a * torch.clamp(ratio, 1 - clip, 1 + clip))
        total = total + {"rloo": each.sum(), "grpo": each.mean(), "dr_grpo": each.sum() / most}[how]
    return total / len(logs)


out = {"lengths": lengths, "rewards": rewards.tolist(), "clip": clip, "max_new_tokens": most,
       "now": [x.tolist() for x in now], "then": [x.tolist() for x in then], "advantages": {}, "gradients": {}}
for how in advantages:
    logs = [x.clone().requires_grad_() for x in now]
    loss(how, logs).backward()
    out["advantages"][how] = advantages[how].tolist()
    out["gradients"][how] = [x.grad.tolist() for x in logs]
json.dump(out, open(sys.argv[1], "w"))
