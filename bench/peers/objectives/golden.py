"""Makes trainer/src/test/resources/dev/socratic/trainer/objectives_golden.json: what the authors' own code says of given logits and states.

    python golden.py PEERS OUT.json        (torch 2.7.1, float32, processor)

PEERS is a folder with these files, each from the repository named, at the commit named; only their loss functions are run:
    distillm.py       jongwooko/distillm               distillm/losses.py                       d47e77f
    dskd.py           songmzhang/DSKD                  code/criterions/various_divergence.py    077337a
    RKD.py SP.py      HobbitLong/RepDistiller          distiller_zoo/                           b84f547
    AT.py NST.py      HobbitLong/RepDistiller          distiller_zoo/                           b84f547
    DKD.py LKD.py     sunshangquan/logit-standardization-KD  mdistiller/distillers/{DKD,KD}.py  f6e5aa5
    gkd_trainer.py    huggingface/trl                  trl/trainer/gkd_trainer.py               release 0.24.0
    task_distill.py   huawei-noah/Pretrained-Language-Model  TinyBERT/task_distill.py           0598f02
    distill_model.py custom_loss.py   aitsc/GLMKD      distill/                                 8d6cf11
    ckd.py            aitsc/GLMKD                      distill/cite/ckd.py (GeondoPark/CKD)     8d6cf11
    taid.py           SakanaAI/TAID                    src/distil_losses/taid.py                a062892
    BILD.py           fpcsong/BiLD                     distil_losses/BILD.py                    c8d40a8
    mgskd.py          aitsc/GLMKD                      distill/cite/mgskd.py (LC97-pku/MGSKD)   8d6cf11

Each entry holds the peer's mean over the three tokens (or its value over the four samples) for the atoms named; the test computes the same
through our kernels. Where a peer drops the teacher's entropy or multiplies by a weight, that is undone here and said beside it.
"""
import ast
import json
import math
import pathlib
import sys
import types

import numpy as np
import torch
import torch.nn.functional as F

peers = pathlib.Path(sys.argv[1])
around = {}


def functions(file, *names):
    """The named functions and classes of a source file, without what the file imports."""
    tree = ast.parse((peers / file).read_text())
    space = {"torch": torch, "F": F, "nn": torch.nn, "np": np, "math": math, "Distiller": object, "CrossEntropyLoss": object, **around}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names:
            node.decorator_list = []
            exec(compile(ast.Module([node], []), file, "exec"), space)
    return types.SimpleNamespace(**{name: space[name] for name in names})


generator = torch.Generator().manual_seed(7)
student = torch.randn(3, 9, generator=generator) * 2
teacher = torch.randn(3, 9, generator=generator) * 2
labels = torch.tensor([4, 0, 8])
ours = torch.randn(4, 6, generator=generator)
theirs = torch.randn(4, 6, generator=generator)
batch = {"label": labels}
p = torch.softmax(teacher, -1)
entropy = -(p * torch.log(p)).sum(-1).mean()

distillm = functions("distillm.py", "forward_kl", "reverse_kl", "js_distance", "tv_distance", "skewed_forward_kl", "skewed_reverse_kl")
dskd = functions("dskd.py", "VariousDivergence").VariousDivergence
adaptive = object.__new__(dskd)
adaptive.args = types.SimpleNamespace(adaptive_kl_alpha=0.5)
adaptive.kd_temp, adaptive.tea_temp, adaptive.padding_id = 1.0, 1.0, -100
jsd = functions("gkd_trainer.py", "generalized_jsd_loss").generalized_jsd_loss
rkd = functions("RKD.py", "RKDLoss").RKDLoss
dkd = functions("DKD.py", "normalize", "dkd_loss", "_get_gt_mask", "_get_other_mask", "cat_mask").dkd_loss
standard = functions("LKD.py", "normalize", "kd_loss").kd_loss
channels = lambda x: x.reshape(1, 6, 2, 2)



def loop(file, variable, space):
    """Runs the one `for` of a source file that has this loop variable first."""
    tree = ast.parse((peers / file).read_text())
    found = [node for node in ast.walk(tree) if isinstance(node, ast.For) and isinstance(node.target, ast.Tuple) and node.target.elts[0].id == variable]
    exec(compile(ast.Module(found[:1], []), file, "exec"), space)
    return space


class Alone:
    """What a method class of GLMKD stands on: one process, one model, no other losses."""
    def __init__(self, **args):
        self.args = types.SimpleNamespace(**args)

    def get_hook_before_analysis(self, s_hook, t_hook, t_no):
        return t_hook, s_hook

    def inter_loss(self, *rest, **more):
        return 0.0

    def add_summary(self, *rest):
        pass


grid = lambda *shape: torch.randn(*shape, generator=generator)
# [batch, heads, seq, seq], [layers, batch, seq, hidden]; narrower students where the method allows it
our_scores, their_scores = grid(2, 2, 3, 3), grid(2, 2, 3, 3)
our_layers, their_layers = grid(3, 2, 4, 6), grid(3, 2, 4, 8)
their_narrow = grid(3, 2, 4, 6)
tiny = {"torch": torch, "device": "cpu", "loss_mse": torch.nn.MSELoss(), "att_loss": 0.0, "rep_loss": 0.0}
tiny = loop("task_distill.py", "student_att", {**tiny, "student_atts": [our_scores], "new_teacher_atts": [their_scores]})
tiny = loop("task_distill.py", "student_rep", {**tiny, "new_student_reps": list(our_layers), "new_teacher_reps": list(their_narrow)})
around = {"mpu": types.SimpleNamespace(get_model_parallel_world_size=lambda: 1), "GLMStudent": Alone, "aux_layer": lambda args, layer, x: layer(x)}
around["CustomLoss"] = functions("custom_loss.py", "CustomLoss").CustomLoss
qkv = ("mixed_query_layer", "mixed_key_layer", "mixed_value_layer")
last = {"transformer": {"layers": {0: {name: i for i, name in enumerate(qkv)}}}}
relations = functions("distill_model.py", "MiniLMv2").MiniLMv2
relations.__init__ = Alone.__init__
relations = relations(minilmv2_wo_inter=False, minilmv2_teacher_layer=1, minilmv2_relation_heads_mt="", minilmv2_relation_heads=2, num_layers=1)
contrast = functions("distill_model.py", "LRC_BERT").LRC_BERT
contrast.__init__ = Alone.__init__
contrast = contrast(lrc_bert_alpha=1.0, lrc_bert_gather_dp=False)
contrast.s_fit_dense = [lambda x: x]
samples = {"transformer": {"layers": {0: {"layernorm_output": 0}}}}
across = functions("ckd.py", "LTR_Angle")
everywhere = torch.ones(2, 4, dtype=torch.int)
# Two samples of six positions, the second one short by two; two relation heads, angles at the three most salient positions.
our_states, their_states = grid(2, 6, 8), grid(2, 6, 12)
counting = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]])
around["expand_gather"] = functions("mgskd.py", "expand_gather").expand_gather
granular = functions("mgskd.py", "TokenPhraseLoss")


def triplets(row):
    """The triplet part of one sample, as TokenPhraseLoss.forward has it: its angles counted within the sample."""
    tokens = granular.TokenPhraseLoss(2, 3, 3)
    mine, other, mask = our_states[row:row + 1], their_states[row:row + 1], counting[row:row + 1]
    both = torch.einsum("bl, bp->blp", mask, mask).unsqueeze(1).repeat(1, 2, 1, 1).float()
    _, first, second = tokens.cal_pairinteraction_multihead(other, both, 2, 3, 3)
    own, valid = tokens.calculate_tripletangleseq_multihead(mine, mask, 1, first, second)
    theirs, _ = tokens.calculate_tripletangleseq_multihead(other, mask, 1, first, second)
    return F.smooth_l1_loss(own.reshape(-1), theirs.reshape(-1), reduction="sum") / valid.sum()


class SmoothMean:
    """Today's name of the reduction that SampleLoss asks for."""
    normalize = staticmethod(F.normalize)
    smooth_l1_loss = staticmethod(lambda a, b, reduction: F.smooth_l1_loss(a, b, reduction="mean"))


around["F"] = SmoothMean
granular_samples = functions("mgskd.py", "SampleLoss").SampleLoss(2)
del around["F"]
bild = lambda led: functions("BILD.py", "bild_loss").bild_loss(student[None], teacher[None], top_k=5, temperature=3, student_led=led).mean()
around["DistilLoss"], around["LightningModule"] = torch.nn.Module, object
around["forward_kl"] = lambda logits, teacher_logits, mask, teacher_probs: distillm.forward_kl(logits, torch.log(teacher_probs), batch) - mixed_entropy(teacher_probs)
mixed_entropy = lambda p: -(p * torch.log(p)).sum(-1).mean()
taid = functions("taid.py", "TAID").TAID
blend = object.__new__(taid)
torch.nn.Module.__init__(blend)
blend.t_start, blend.t_end, blend.alpha, blend.beta, blend.disable_adaptive = 0.4, 1.0, 0.5, 0.5, False
blend.t = torch.tensor(0.7)
blended = blend.compute_loss(student, teacher, None)
blend.t, blend.prev_loss, blend.momentum = torch.tensor(0.4), torch.tensor(float("inf")), torch.zeros([])
shares = []
for step, loss in enumerate([3.0, 2.0, 2.5, 1.0, 1.5, 1.2], 1):
    blend.update_t(torch.tensor(loss), step, 40)
    shares.append([step / 40, loss, float(blend.t)])

values = {
    "distillm forward_kl less the entropy": distillm.forward_kl(student, teacher, batch) - entropy,
    "distillm reverse_kl": distillm.reverse_kl(student, teacher, batch),
    "distillm js_distance 0.9": distillm.js_distance(student, teacher, batch),
    "distillm tv_distance": distillm.tv_distance(student, teacher, batch),
    "distillm skewed_forward_kl 0.1 less the entropy": distillm.skewed_forward_kl(student, teacher, batch, 0.1) - entropy,
    "distillm skewed_reverse_kl 0.1": distillm.skewed_reverse_kl(student, teacher, batch, 0.1),
    "dskd adaptive_kl 0.5": adaptive.compute_adaptive_kl_divergence(student, teacher, labels) / 3,
    "dskd js_divergence": adaptive.compute_js_divergence(student, teacher, labels) / 3,
    "trl generalized_jsd 0.1": jsd(student, teacher, beta=0.1),
    "trl generalized_jsd 0.5 at temperature 2": jsd(student, teacher, beta=0.5, temperature=2.0),
    "rkd distance": rkd(1, 0)(ours, theirs),
    "rkd angle": rkd(0, 1)(ours, theirs),
    "sp": functions("SP.py", "Similarity").Similarity().similarity_loss(ours, theirs)[0],
    "dkd target at temperature 4": dkd(student, teacher, labels, 1.0, 0.0, 4.0, False),
    "dkd non_target at temperature 4": dkd(student, teacher, labels, 0.0, 1.0, 4.0, False),
    "standardised kl at temperature 2": standard(student, teacher, 2.0, True),
    "nst": functions("NST.py", "NSTLoss").NSTLoss().nst_loss(channels(ours.t().contiguous()), channels(theirs.t().contiguous())),
    "at": functions("AT.py", "Attention").Attention().at_loss(
        ours.t().reshape(1, 6, 2, 2).contiguous(), theirs.t().reshape(1, 6, 2, 2).contiguous()),
    "tinybert attention": tiny["att_loss"],
    "tinybert states": tiny["rep_loss"],
    "minilmv2 relations": relations.inter_loss(list(our_layers), list(their_layers), last, last),
    "lrc_bert": contrast.inter_loss([ours.unsqueeze(1)], [theirs.unsqueeze(1)], samples, samples),
    # Its other half, LTR_Dist, multiplies minus infinity by nothing in this torch.
    "ckd across layers, angle": across.LTR_Angle()(their_layers.transpose(0, 1), our_layers.transpose(0, 1), everywhere, "l2loss"),
    "bild teacher-led": bild(False),
    "bild student-led": bild(True),
    "taid at 0.7": blended,
    "mgskd triplets": (triplets(0) + triplets(1)) / 2,
    "mgskd samples": granular_samples(our_states[:, :4].reshape(4, 2, 8).clone(), their_states[:, :4].reshape(4, 2, 12).clone(), torch.ones(4, 2, dtype=torch.long)),
}
rows = lambda x: [[float(f"{v:.9g}") for v in row] for row in x.tolist()]
out = {
    "made_by": {"torch": torch.__version__},
    "student": rows(student), "teacher": rows(teacher), "labels": labels.tolist(), "ours": rows(ours), "theirs": rows(theirs),
    "our_scores": rows(our_scores.flatten(0, 2)), "their_scores": rows(their_scores.flatten(0, 2)), "our_layers": rows(our_layers.flatten(0, 2)),
    "their_layers": rows(their_layers.flatten(0, 2)), "their_narrow": rows(their_narrow.flatten(0, 2)),
    "our_states": rows(our_states.flatten(0, 1)), "their_states": rows(their_states.flatten(0, 1)),
    "taid": shares,
    "values": {name: float(f"{value.item():.9g}") for name, value in values.items()},
}
pathlib.Path(sys.argv[2]).write_text(json.dumps(out, indent=1) + "\n")
