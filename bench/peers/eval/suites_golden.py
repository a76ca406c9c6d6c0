"""Runs lm_eval's own tasks over the data of suites_data.py with a model whose answers are known, and writes what it made
of them: the expected values of SuitesAsLmEvalTest.

    python suites_golden.py DATA OUT.json [TASK,...]

lm_eval 0.4.13, sympy 1.14, math_verify 0.8, sacrebleu 2.6, rouge_score 0.1.2, nltk 3.10 with punkt_tab, langdetect 1.0.9.
"""
import hashlib
import json
import os
import pathlib
import re
import sys
import tempfile

os.environ["HF_DATASETS_CACHE"] = tempfile.mkdtemp()
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["DISABLE_MULTIPROC"] = "1"
import langdetect
import lm_eval
import yaml
from lm_eval.api.model import LM
from lm_eval.tasks import TaskManager
from lm_eval.tasks._yaml_loader import load_yaml

langdetect.DetectorFactory.seed = 0
data = pathlib.Path(sys.argv[1])
answers = json.loads((data / "answers.json").read_text())
choices = ("truthfulqa_mc1 truthfulqa_mc2 gpqa_diamond_zeroshot gpqa_diamond_n_shot arc_easy arc_challenge hellaswag "
           "piqa winogrande boolq openbookqa mmlu_abstract_algebra").split()
names = sys.argv[3].split(",") if len(sys.argv) > 3 else sorted(answers) + choices
FEWSHOT = {"gpqa_diamond_n_shot": 2, "gpqa_diamond_cot_n_shot": 2, "gpqa_diamond_generative_n_shot": 2, "arc_easy": 2,
           "hellaswag": 1, "boolq": 1, "winogrande": 1}


def likelihood(context, continuation):
    """A number that depends on every sign, the same in Java."""
    value = 7
    for sign in context[-40:] + continuation:
        value = (value * 31 + ord(sign)) % 1_000_003
    return -(1 + value % 1000) / 64


class Known(LM):
    def generate_until(self, requests):
        return [answers[r.task_name.removesuffix("_here")][r.doc_id][self.turn(r)] for r in requests]

    def turn(self, request):
        key = (request.task_name, request.doc_id)
        self.turns = getattr(self, "turns", {})
        self.turns[key] = self.turns.get(key, -1) + 1
        return self.turns[key]

    def loglikelihood(self, requests):
        scores = [likelihood(*r.args) for r in requests]
        return [(s, s > -4) for s in scores]

    def loglikelihood_rolling(self, requests):
        return [likelihood("", r.args[0]) for r in requests]


own = pathlib.Path(lm_eval.__file__).parent / "tasks"
paths = {}
for file in own.rglob("*.yaml"):
    said = re.search(r"""^['"]?task['"]?: *['"]?([\w-]+)['"]? *$""", file.read_text(errors="replace"), re.M)
    if said:
        paths.setdefault(said.group(1), file)
golden = {}
made = pathlib.Path(tempfile.mkdtemp())
for name in names:
    path = paths[name]
    config = load_yaml(path, resolve_func=False)
    folder = data / config["dataset_path"] / (config.get("dataset_name") or "")
    files = {f.stem: str(f) for f in sorted(folder.glob("*.jsonl"))}
    (made / f"{name}.yaml").write_text(f"include: {path}\ntask: {name}_here\n" + yaml.safe_dump(
        {"dataset_path": "json", "dataset_name": None, "dataset_kwargs": {"data_files": files}}))
manager = TaskManager(include_path=str(made), include_defaults=False)


def run(name):
    result = lm_eval.simple_evaluate(
        model=Known(), tasks=[f"{name}_here"], task_manager=manager, log_samples=True,
        num_fewshot=FEWSHOT.get(name), bootstrap_iters=1000)
    samples = []
    for s in result["samples"][f"{name}_here"]:
        values = {m: s[m] for m in s["metrics"]}
        prompts = [a[0] for a in s["arguments"]]
        samples.append({
            "doc_id": s["doc_id"], "filter": s["filter"], "target": str(s["target"]),
            "prompts": [p if len(p) < 300 else hashlib.sha256(p.encode()).hexdigest() for p in prompts],
            "continuations": [a[1] for a in s["arguments"] if isinstance(a[1], str)],
            "filtered": s["filtered_resps"] if name in answers else [], "metrics": values})
    return {"results": {k: v for k, v in result["results"][f"{name}_here"].items()
                        if "," in k and isinstance(v, (int, float))},
            "shots": result["n-shot"][f"{name}_here"], "samples": samples}


for name in names:
    try:
        golden[name] = run(name)
        print("MADE", name, golden[name]["results"], file=sys.stderr)
    except Exception as failed:
        print("FAILED", name, type(failed), failed, file=sys.stderr)
pathlib.Path(sys.argv[2]).write_text(json.dumps(golden, ensure_ascii=False, indent=1, sort_keys=True, default=float) + "\n")
