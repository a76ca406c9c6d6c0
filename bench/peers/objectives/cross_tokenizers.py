"""Makes trainer/src/test/resources/dev/socratic/trainer/cross_tokenizers_golden.json: what the authors' own code says of two tokenisations.

    python cross_tokenizers.py PEERS OUT.json        (torch 2.7.1, float32, processor)

PEERS is a folder with these files, each from the repository named, at the commit or release named; only their loss functions are run:
    universal_logit_distillation.py dual_space_kd.py dual_space_kd_with_cross_model_attention.py
    min_edit_dis_kld.py various_divergence.py cross_entropy_loss.py     songmzhang/DSKD   code/criterions/                 077337a
    gold_trainer.py                                                     huggingface/trl   trl/experimental/gold/           release 1.10.0

Every sample has answers only and no padding inside them, so that nothing but the formula is compared. Losses are sums over tokens (DSKD) or means over spans and
samples (TRL), as the peers have them. TRL's merge strategy is `bayesian`: its `observed` reads logits one position late.
"""
import ast
import json
import pathlib
import sys
import types

import torch
import torch.nn.functional as F

peers = pathlib.Path(sys.argv[1])


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        above, row = row, [i + 1]
        for j, y in enumerate(b):
            row.append(min(row[-1] + 1, above[j + 1] + 1, above[j] + (x != y)))
    return row[-1]


class Tokens(list):
    """A tokenizer that knows its entries and nothing else."""

    def convert_ids_to_tokens(self, ids):
        return [self[int(i)] for i in ids]

    def get_vocab(self):
        return {token: i for i, token in enumerate(self)}


import math
import numpy

space = {
    "torch": torch, "F": F, "nn": torch.nn, "math": math, "np": numpy,
    "editdistance": types.SimpleNamespace(eval=edit_distance), "TOKENIZER_TO_SPECIAL_TOKEN": {Tokens: "Ġ"},
    "transformers": types.SimpleNamespace(tokenization_utils_base=types.SimpleNamespace(PreTrainedTokenizerBase=object)),
    "Dict": dict, "List": list, "GOLDConfig": object, "SFTTrainer": object,
}
for file, *names in [
    ("cross_entropy_loss.py", "CrossEntropyLoss"), ("various_divergence.py", "VariousDivergence"),
    ("universal_logit_distillation.py", "UniversalLogitDistillation"), ("dual_space_kd.py", "DualSpaceKD"),
    ("dual_space_kd_with_cross_model_attention.py", "DualSpaceKDWithCMA"), ("min_edit_dis_kld.py", "MinEditDisForwardKLD"),
    ("gold_trainer.py", "ULDLoss", "generalized_jsd_loss"),
]:
    for node in ast.walk(ast.parse((peers / file).read_text())):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in names:
            if isinstance(node, ast.FunctionDef):
                node.decorator_list = []
            exec(compile(ast.Module([node], []), file, "exec"), space)
space["GOLDTrainer"] = types.SimpleNamespace(generalized_jsd_loss=space["generalized_jsd_loss"])

g = torch.Generator().manual_seed(11)
randn = lambda *shape: torch.randn(*shape, generator=g)
number = lambda tensor: float(f"{float(tensor):.9g}")
rows = lambda tensor: [[number(v) for v in row] for row in tensor.tolist()]
out = {"made_by": {"torch": torch.__version__}}
PAD = -100
args = types.SimpleNamespace(
    label_smoothing=0.0, kd_rate=0.5, kd_temperature=2.0, teacher_temperature=1.0, kd_objective="forward_kl", only_save_projector=False)

# ULD: two samples of 4 and 3 tokens for the student, 3 and 5 for the teacher; sums over tokens both sides have.
lengths, their_lengths = [4, 3], [3, 5]
student, teacher = randn(2, 5, 7) * 2, randn(2, 5, 9) * 2
target, their_target = torch.full((2, 5), PAD), torch.full((2, 5), PAD)
for i in range(2):
    target[i, :lengths[i]] = 1
    their_target[i, :their_lengths[i]] = 1
uld = object.__new__(space["UniversalLogitDistillation"])
uld.padding_id = PAD
distiller = types.SimpleNamespace(teacher_model_type="t")
value, _ = uld.compute_universal_logit_distillation_loss(
    types.SimpleNamespace(logits=student.clone()), types.SimpleNamespace(logits=teacher.clone()),
    {"label": target.clone(), "teacher_t_label": their_target.clone()}, distiller, {})
ragged = lambda x, n: torch.cat([x[i, :n[i]] for i in range(len(n))])
out["uld"] = {
    "student": rows(ragged(student, lengths)), "teacher": rows(ragged(teacher, their_lengths)), "lengths": lengths, "their_lengths": their_lengths,
    "value": number(value)}

# GOLD: one text cut twice; offsets end together after 2 | 4 | 5 | 9 characters.
mine = Tokens(["a", "b", "ab", "cd", "e", "fg", "hi"])
theirs = Tokens(["e", "a", "c", "d", "fghi", "ab", "b", "x"])
ids, their_ids = [2, 3, 4, 5, 6], [1, 6, 2, 3, 0, 4]
offsets, their_offsets = [(0, 2), (2, 4), (4, 5), (5, 7), (7, 9)], [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 9)]
student, teacher = randn(1, 6, 7) * 2, randn(1, 7, 8) * 2
config = types.SimpleNamespace(
    uld_crossentropy_weight=0.0, uld_distillation_weight=1.0, uld_student_temperature=1.0, uld_teacher_temperature=1.0, uld_skip_student_eos=False,
    uld_skip_teacher_eos=False, use_extended_uld=True, uld_token_merge_strategy="bayesian", uld_use_hybrid_loss=True,
    uld_hybrid_matched_weight=None, uld_hybrid_unmatched_weight=None, beta=0.5)
gold = space["ULDLoss"](config, mine, theirs)
value = gold(
    student, teacher, torch.tensor([[PAD] + ids]), torch.tensor([[PAD] + their_ids]), torch.tensor([[0] + ids]), torch.tensor([[0] + their_ids]),
    torch.tensor([[(0, 0)] + offsets]), torch.tensor([[(0, 0)] + their_offsets]))
out["gold"] = {
    "entries": mine, "their_entries": theirs, "ids": ids, "their_ids": their_ids, "offsets": offsets, "their_offsets": their_offsets,
    "student": rows(student[0, :5]), "teacher": rows(teacher[0, :6]), "matched": number(gold.last_matched_loss),
    "unmatched": number(gold.last_unmatched_loss), "value": number(value)}

# min_edit: the tokens predictions follow on, matched; each teacher entry mapped to the student's nearest.
mine = Tokens(["the", "cat", "cats", "sat", "on", "ma", "t"])
theirs = Tokens(["on", "mat", "the", "ca", "sat", "ts", "cat"])
nearest = torch.tensor([min(range(len(mine)), key=lambda i: (edit_distance(token, mine[i]), i)) for token in theirs])
ids, their_ids = torch.tensor([0, 2, 3, 4, 5, 6]), torch.tensor([2, 3, 5, 4, 0, 1])
target = torch.tensor([2, 3, 4, 5, 6, 1])
student, teacher = randn(6, 7) * 2, randn(6, 7) * 2
groups = {}
for their_id, own in enumerate(nearest.tolist()):
    groups.setdefault(own, []).append(their_id)
width = max(len(group) for group in groups.values())
padded = torch.tensor([group + [group[0]] * (width - len(group)) for group in groups.values()])
edit = object.__new__(space["MinEditDisForwardKLD"])
edit.kd_temp, edit.tea_temp, edit.padding_id = 1.0, 1.0, PAD
dist = lambda a, b: edit_distance(a, b)
_, _, _, matches, _ = edit.dtw(theirs.convert_ids_to_tokens(their_ids), mine.convert_ids_to_tokens(ids), norm_func=dist)
aligned = edit.transform_step_logits_fast(
    mine, theirs, ids, student, target, their_ids, teacher, nearest, padded, torch.tensor(list(groups)))
out["min_edit"] = {
    "entries": mine, "their_entries": theirs, "ids": ids.tolist(), "their_ids": their_ids.tolist(), "labels": target.tolist(), "nearest": nearest.tolist(),
    "matches": [match[0] if len(match) == 1 else -1 for match in matches], "student": rows(student), "teacher": rows(teacher), "aligned": rows(aligned),
    "value": number(edit.compute_forward_kl_divergence(student, aligned, target))}


# DSKD: hidden 4 for the student and 6 for the teacher, 7 and 9 entries; temperature 2; maps without bias. Same tokens first, then two tokenisations.
def dskd(criterion, method, shape, their_shape, vocab, their_vocab):
    linear = lambda a, b: torch.nn.Linear(a, b, bias=False)
    maps = {"t2s": linear(6, 4), "s2t": linear(4, 6), "query": linear(8, 12)}
    head, their_head = linear(4, vocab), linear(6, their_vocab)
    table, their_table = torch.nn.Embedding(vocab, 4), torch.nn.Embedding(their_vocab, 6)
    for module in [*maps.values(), head, their_head, table, their_table]:
        module.weight.data = randn(*module.weight.shape) * 0.5
    hidden, their_hidden = randn(*shape, 4), randn(*their_shape, 6)
    target, before = (torch.randint(0, vocab, shape, generator=g) for _ in range(2))
    their_target, their_before = (torch.randint(0, their_vocab, their_shape, generator=g) for _ in range(2))
    if criterion == "DualSpaceKD":
        their_target = target
    loss = object.__new__(space[criterion])
    torch.nn.Module.__init__(loss)
    space["VariousDivergence"].__init__(loss, args)
    log = {}
    getattr(loss, method)(
        types.SimpleNamespace(hidden_states=[hidden], logits=head(hidden)), types.SimpleNamespace(hidden_states=[their_hidden], logits=their_head(their_hidden)),
        *([{"input_ids": before, "teacher_t_input_ids": their_before}] if criterion == "DualSpaceKDWithCMA" else []),
        {"label": target, "teacher_t_label": their_target},
        types.SimpleNamespace(
            teacher_model_type="t", projectors=maps, student_model=types.SimpleNamespace(lm_head=head, model=types.SimpleNamespace(embed_tokens=table)),
            teacher_model=types.SimpleNamespace(lm_head=their_head, model=types.SimpleNamespace(embed_tokens=their_table))), log)
    flat = lambda x: rows(x.reshape(-1, x.shape[-1]))
    rows_of = lambda s: [i // s[1] for i in range(s[0] * s[1])]
    return {
        "t2s": rows(maps["t2s"].weight), "s2t": rows(maps["s2t"].weight), "query": rows(maps["query"].weight),
        "student": {"states": flat(hidden), "head": rows(head.weight), "before": flat(table(before)), "after": flat(table(target)),
                    "labels": target.flatten().tolist(), "row": rows_of(shape)},
        "teacher": {"states": flat(their_hidden), "head": rows(their_head.weight), "before": flat(their_table(their_before)),
                    "after": flat(their_table(their_target)), "labels": their_target.flatten().tolist(), "row": rows_of(their_shape)},
        "t2s_ce": number(log["t2s_ce_loss"]), "t2s_kd": number(log["t2s_kd_loss"]), "s2t_kd": number(log["s2t_kd_loss"]),
    }


# Losses of the same-token variant read one target for both sides.
out["dskd"] = dskd("DualSpaceKD", "compute_dual_space_kd_loss", (2, 3), (2, 3), 7, 7)
out["dskd_cma"] = dskd("DualSpaceKDWithCMA", "compute_dual_space_kd_loss_with_cma", (2, 8), (2, 5), 3, 9)
pathlib.Path(sys.argv[2]).write_text(json.dumps(out) + "\n")
