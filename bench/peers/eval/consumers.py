"""Gives what we wrote to everything in lm_eval 0.4.13 that reads its files, beside a folder it wrote itself.

    python consumers.py OURS [THEIRS] [--zeno scripts/zeno_visualize.py]

OURS and THEIRS are folders with results_*.json and samples_*.jsonl: DIR/eval/NAME of ours, DIR/MODEL of theirs. The
zeno script lies in their repository, not in their package; without wandb or zeno_client these two are passed over,
which is said. Exits with 1 where a consumer refuses or loses something.
"""
import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true", OUTDATED_IGNORE="1", HF_HUB_OFFLINE="1")

from lm_eval import utils
from lm_eval.loggers import EvaluationTracker

arguments = [one for one in sys.argv[1:] if not one.startswith("--")]
zeno = sys.argv[sys.argv.index("--zeno") + 1] if "--zeno" in sys.argv else None
arguments = [one for one in arguments if one != zeno]
bad = 0


def told(what, good, more=""):
    global bad
    bad += not good
    print(f"{'ok  ' if good else 'FAIL'} {what}{': ' + str(more) if more else ''}")


def read(folder):
    """By their own helpers: the latest results file, and the latest samples file of each of its tasks."""
    files = [f.as_posix() for f in Path(folder).iterdir()]
    names = utils.get_results_filenames(files)
    latest = utils.get_latest_filename([Path(f).name for f in names])
    results = json.loads((Path(folder) / latest).read_text())
    samples = {}
    for name in utils.get_sample_results_filenames(files):
        task = utils.get_file_task_name(Path(name).name)
        assert utils.get_file_datetime(Path(name).name), name
        samples[task] = [json.loads(line) for line in open(name)]
    return results, samples


def in_memory(samples):
    """As the harness holds them before it writes them: arguments are pairs, not objects."""
    return {task: [dict(line, arguments=[tuple(call.values()) for call in line["arguments"].values()])
                   for line in lines] for task, lines in samples.items()}


ours, samples = read(arguments[0])
told("lm_eval.utils finds the files", set(samples) <= set(ours["configs"]) and samples,
     f"{len(samples)} tasks, {sum(map(len, samples.values()))} lines")

table = utils.make_table(ours)
figures = [(task, key.split(",")[0]) for task, row in ours["results"].items() for key, value in row.items()
           if "," in key and "_stderr" not in key]
told("make_table prints every figure", table.count("±") + table.count("|   |") > 0
     and all(f"|{metric}" in table for _, metric in figures), f"{len(figures)} figures")
told("make_table takes no field of ours for a metric", all(
    row.strip("|").split("|")[4].strip() in {metric for _, metric in figures}
    for row in table.splitlines()[2:] if row.strip()))
if "groups" in ours:
    told("make_table of groups", utils.make_table(ours, "groups").count("\n") > 2, list(ours["groups"]))

with tempfile.TemporaryDirectory() as folder:
    tracker = EvaluationTracker(output_path=folder)
    tracker.general_config_tracker.model_name_sanitized = "m"
    copy = json.loads(json.dumps(ours))
    tracker.save_results_aggregated(copy, json.loads(json.dumps(samples)))
    for task, lines in json.loads(json.dumps(samples)).items():
        tracker.save_results_samples(task, in_memory({task: lines})[task])
    again, written = read(Path(folder) / "m")
    told("EvaluationTracker writes our results back as they are", all(
        again["results"][task] == row for task, row in ours["results"].items()))
    told("EvaluationTracker computes our task hashes", again["task_hashes"] == {
        task: ours["task_hashes"][task] for task in samples}, f"{len(samples)} hashes")
    off = [(task, key) for task, lines in samples.items() for a, b in zip(lines, written[task])
           for key in a if a[key] != b.get(key)]
    told("EvaluationTracker writes our samples back field by field", not off and all(
        len(lines) == len(written[task]) for task, lines in samples.items()), sorted({key for _, key in off}))

if len(arguments) > 1:
    theirs, lines = read(arguments[1])
    lacking = sorted(set(theirs) - set(ours))
    print(f"     results: fields of theirs that ours lack: {lacking}; ours alone: {sorted(set(ours) - set(theirs))}")
    row = {key for one in theirs["results"].values() for key in one if "," not in key}
    told("each task's row has their fields", all(row - {"sample_count"} <= set(one) for one in ours["results"].values()),
         sorted(row))
    a = {key for some in lines.values() for line in some for key in line if key not in line["metrics"]}
    b = {key for some in samples.values() for line in some for key in line if key not in line["metrics"]}
    told("each sample has their fields", a <= b, f"lacking {sorted(a - b)}, ours alone {sorted(b - a)}")

try:
    import wandb  # noqa: F401
    from lm_eval.loggers import WandbLogger

    with tempfile.TemporaryDirectory() as folder:
        logger = WandbLogger(init_args={"project": "p", "dir": folder})
        logger.post_init(dict(ours, samples=samples))
        logger.log_eval_result()
        logger.log_eval_samples(in_memory(samples))
        logger.run.finish()
        told("WandbLogger logs figures, tables and samples (offline)", True)
except ImportError as missing:
    print("     passed over:", missing)
except Exception as error:
    told("WandbLogger", False, repr(error))

if zeno:
    try:
        spec = importlib.util.spec_from_file_location("zeno", zeno)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        rows = 0
        for task, some in samples.items():
            rows += len(module.generate_dataset(some, ours["configs"][task]))
            rows += len(module.generate_system_df(some, ours["configs"][task]))
        told("zeno_visualize makes its tables", rows == 2 * sum(map(len, samples.values())), f"{rows} rows")
        told("zeno_visualize reads model_args", isinstance(module.sanitize_string(ours["config"]["model_args"]), str))
    except ImportError as missing:
        print("     passed over:", missing)
    except Exception as error:
        told("zeno_visualize", False, repr(error))
sys.exit(int(bad > 0))
