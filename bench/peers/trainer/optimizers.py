"""Ten steps of each optimiser as its Python original takes them, for OptimizerParityTest.

torch 2.7.1 (AdamW), bitsandbytes 0.50.2 (8 bits, its processor's code), transformers 4.57.6 (Adafactor), timm 1.0.31
(Muon: the rule of torch.optim.Muon), lion-pytorch 0.2.5, schedulefree 1.4.1.

    python optimizers.py ../../../trainer/src/test/resources/optimizers.json

Weights and gradients are multiples of 1/64 made of their place, so that both sides begin with the same bits.
"""
import importlib.util
import json
import sys
import types
from pathlib import Path

import torch

STEPS = 10
SHAPES = {"model.layers.0.wide": (4, 6), "model.layers.0.tall": (9, 5), "model.norm": (5,)}
LONG = {"model.layers.0.long": (5, 60)}


def start(shape):
    n = torch.Size(shape).numel()
    return torch.tensor([((i * 53) % 97 - 48) / 64 for i in range(n)], dtype=torch.float32).view(shape)


def gradient(shape, step):
    n = torch.Size(shape).numel()
    return torch.tensor([((i * 37 + step * 101) % 199 - 99) / 64 for i in range(n)], dtype=torch.float32).view(shape)


def run(make, shapes, rate=lambda step: 0.01, after=lambda optimizer: None):
    weights = {name: torch.nn.Parameter(start(shape)) for name, shape in shapes.items()}
    optimizer = make(weights)
    for step in range(STEPS):
        for name, weight in weights.items():
            weight.grad = gradient(shapes[name], step)
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        optimizer.step()
    after(optimizer)
    return {name: weight.detach().reshape(-1).tolist() for name, weight in weights.items()}


def decayed(weights, decay):
    """Vectors do not decay."""
    return [{"params": [w for w in weights.values() if w.dim() > 1], "weight_decay": decay},
            {"params": [w for w in weights.values() if w.dim() == 1], "weight_decay": 0.0}]


def falling(step):
    return 0.01 * (1 - step / 20)


def muon(site):
    """timm's module alone: the package around it wants torchvision."""
    spec = importlib.util.spec_from_file_location("timm.optim.muon", site / "timm/optim/muon.py")
    for name in ("timm", "timm.optim"):
        sys.modules.setdefault(name, types.ModuleType(name)).__path__ = [str(site / name.replace(".", "/"))]
    module = importlib.util.module_from_spec(spec)
    sys.modules["timm.optim.muon"] = module
    spec.loader.exec_module(module)
    return module


def eight_bits():
    import bitsandbytes.functional as bnb
    from bitsandbytes.backends.cpu import ops

    def nearest(x, code, largest, out, block):
        """Its processor's code looks the nearest value up in a table, which is beside it close to a middle."""
        for i, part in enumerate(x.split(block)):
            largest[i] = part.abs().max()
            out[i * block:i * block + len(part)] = ((part / largest[i])[:, None] - code[None]).abs().argmin(1)
    ops._quant_blockwise_fp32_direct = nearest
    shape = LONG["model.layers.0.long"]
    weight = start(shape).reshape(-1)
    signed = bnb.create_dynamic_map(signed=True)
    unsigned = bnb.create_dynamic_map(signed=False)
    first, second = (torch.zeros(300, dtype=torch.uint8) for _ in range(2))
    # zeros are not code 0
    first += int((signed == 0).nonzero())
    second += int((unsigned == 0).nonzero())
    scales = [torch.zeros(2) for _ in range(2)]
    for step in range(1, STEPS + 1):
        torch.ops.bitsandbytes.optimizer_update_8bit_blockwise(
            "adam", gradient(shape, step - 1).reshape(-1), weight, first, second, 0.9, 0.95, 0.0, 0.0, 1e-8, step,
            falling(step - 1), signed, unsigned, scales[0], scales[1], 0.1, 1.0, False)
    return {"model.layers.0.long": weight.tolist(), "first": first.tolist(), "second": second.tolist(),
            "first_scale": scales[0].tolist(), "second_scale": scales[1].tolist(),
            "signed": signed.tolist(), "unsigned": unsigned.tolist()}


def main(out):
    from lion_pytorch import Lion
    from schedulefree import AdamWScheduleFree
    from transformers.optimization import Adafactor
    import schedulefree

    site = Path(schedulefree.__file__).parent.parent
    golden = {
        "adamw": run(lambda w: torch.optim.AdamW(decayed(w, 0.1), betas=(0.9, 0.95), eps=1e-8), SHAPES, falling),
        "lion": run(lambda w: Lion(decayed(w, 0.1), betas=(0.9, 0.99)), SHAPES, falling),
        "adafactor": run(lambda w: Adafactor(decayed(w, 0.1), lr=0.01, scale_parameter=False, relative_step=False),
                         SHAPES, falling),
        "adafactor_scaled": run(lambda w: Adafactor(decayed(w, 0.1), lr=0.01, scale_parameter=True,
                                                    relative_step=False, beta1=0.9, decay_rate=-0.7,
                                                    clip_threshold=0.5), SHAPES, falling),
        "adamw8bit": eight_bits(),
    }

    def free(weights):
        optimizer = AdamWScheduleFree(decayed(weights, 0.1), lr=0.01, betas=(0.9, 0.95), eps=1e-8, r=0.5,
                                      weight_lr_power=2.0)
        optimizer.train()
        return optimizer
    rising = lambda step: 0.01 * min(1, (step + 1) / 4)
    golden["schedule_free_y"] = run(free, SHAPES, rising)
    golden["schedule_free_x"] = run(free, SHAPES, rising, lambda optimizer: optimizer.eval())

    matrices = {name: shape for name, shape in SHAPES.items() if len(shape) == 2}
    module = muon(site)
    def precise(g, *args, **kwargs):  # its own steps are made in bfloat16
        return original(g.double(), *args, **{**kwargs, "dtype": torch.float64}).float()
    for adjust in ("match_rms_adamw", "original"):
        for nesterov in (True, False):
            make = lambda w: module.Muon(list(w.values()), lr=0.01, weight_decay=0.1, momentum=0.95, nesterov=nesterov,
                                         ns_steps=5, ns_coefficients="original", adjust_lr_fn=adjust)
            name = "muon_%s%s" % (adjust, "" if nesterov else "_plain")
            golden[name + "_bfloat16"] = run(make, matrices, falling)
            original = module.zeropower_via_newtonschulz
            module.zeropower_via_newtonschulz = precise
            golden[name] = run(make, matrices, falling)
            module.zeropower_via_newtonschulz = original
    Path(out).write_text(json.dumps(golden) + "\n")


main(sys.argv[1])
