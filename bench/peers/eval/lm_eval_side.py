"""Runs lm_eval (hf) over the data of make_data.py, and says what processor time it took.

    python lm_eval_side.py MODEL DATA OUT TASKS LIMIT [key=value ...]

Its own task files are used as they are: each is included by a file that only says where the data lie. Keys: chat=1,
system=TEXT, fewshot=K, multiturn=0.
"""
import json
import pathlib
import resource
import sys
import time

import lm_eval
import torch
import yaml
from lm_eval.loggers import EvaluationTracker
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager

torch.set_num_threads(1)
model, data, out, names, limit = sys.argv[1:6]
keys = dict(part.split("=", 1) for part in sys.argv[6:])
own = pathlib.Path(lm_eval.__file__).parent / "tasks"
made = pathlib.Path(out) / "tasks"
made.mkdir(parents=True, exist_ok=True)
manager = TaskManager()
tasks = []
for name in names.split(","):
    entry = manager.task_index[name]
    path = getattr(entry, "yaml_path", None) or entry["yaml_path"]
    config = yaml.load(open(path), Loader=type("L", (yaml.FullLoader,), {}))if False else None
    from lm_eval.tasks._yaml_loader import load_yaml
    config = load_yaml(path, resolve_func=False)
    folder = pathlib.Path(data) / config["dataset_path"] / (config.get("dataset_name") or "")
    files = {f.stem: str(f) for f in sorted(folder.glob("*.jsonl"))}
    text = yaml.safe_dump({"dataset_path": "json", "dataset_name": None,
                           "dataset_kwargs": {"data_files": files}})
    (made / f"{name}.yaml").write_text(f"include: {path}\ntask: {name}_here\n{text}")
    tasks.append(f"{name}_here")
started = time.time()
lm = HFLM(pretrained=model, dtype="float32", device="cpu", batch_size=int(keys.get("batch", "1")))
before = resource.getrusage(resource.RUSAGE_SELF)
result = lm_eval.simple_evaluate(
    model=lm, tasks=tasks, task_manager=TaskManager(include_path=str(made)), limit=int(limit), log_samples=True,
    num_fewshot=int(keys["fewshot"]) if "fewshot" in keys else None, apply_chat_template=keys.get("chat") == "1",
    fewshot_as_multiturn=keys.get("multiturn", keys.get("chat", "0")) == "1", system_instruction=keys.get("system"),
    bootstrap_iters=int(keys.get("bootstrap", "100000")))
after = resource.getrusage(resource.RUSAGE_SELF)
tracker = EvaluationTracker(output_path=out)
samples = result.pop("samples")
tracker.general_config_tracker.model_name_sanitized = "model"
tracker.save_results_aggregated(results=result, samples=samples)
for task, lines in samples.items():
    tracker.save_results_samples(task_name=task, samples=lines)
print(json.dumps({"cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
                  "seconds": round(time.time() - started, 1)}))
