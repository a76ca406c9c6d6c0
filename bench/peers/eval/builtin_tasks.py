"""Writes the built-in task files of the suites that lm-evaluation-harness 0.4.13 has in many files, from its own.

    python builtin_tasks.py TASKS_OF_LM_EVAL eval/src/main/resources/dev/socratic/eval/harness/tasks

Keys that are not obeyed here (should_decontaminate and its query) are left out; what is said stays as it is.
"""
import json
import pathlib
import sys

import yaml

source, target = map(pathlib.Path, sys.argv[1:3])
FAMILIES = ["aime", "gpqa", "mmlu_pro", "bbh", "drop", "ifeval", "minerva_math", "hendrycks_math", "gsm8k",
            "truthfulqa/truthfulqa_gen.yaml", "leaderboard/musr", "leaderboard/mmlu_pro"]
LEFT = {"should_decontaminate", "doc_to_decontamination_query"}


class Function(str):
    pass


class Loader(yaml.SafeLoader):
    pass


class Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data):
        return True


Loader.add_constructor("!function", lambda loader, node: Function(loader.construct_scalar(node)))
Dumper.add_representer(Function, lambda dumper, data: dumper.represent_scalar("!function", str(data)))
Dumper.add_representer(str, lambda dumper, data: dumper.represent_scalar(
    "tag:yaml.org,2002:str", data, style='"' if "\n" in data or "\\" in data else None))
names = [line for line in (target / "index.txt").read_text().splitlines() if line]
for family in FAMILIES:
    root = source / family
    for file in [root] if root.is_file() else sorted(root.rglob("*")):
        if not (file.suffix == ".yaml" or file.name.endswith("_yaml")) or "multilingual" in str(file):
            continue
        relative = file.relative_to(source)
        if str(relative) == "gsm8k/gsm8k.yaml":
            continue  # written by hand before
        read = yaml.load(file.read_text(), Loader)
        read = {key: value for key, value in read.items() if key not in LEFT}
        out = target / relative
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text("# From lm-evaluation-harness 0.4.13: MIT License, Copyright (c) 2020 EleutherAI.\n"
                       + yaml.dump(read, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=110))
        if file.suffix == ".yaml":
            names.append(str(relative))
(target / "index.txt").write_text("\n".join(sorted(set(names))) + "\n")
sys.path.insert(0, str(source / "minerva_math"))
import utils  # noqa: E402

(target / "minerva_math" / "samples.jsonl").write_text("".join(
    json.dumps(row, ensure_ascii=False) + "\n" for row in utils.list_fewshot_samples()))
