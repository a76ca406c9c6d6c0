"""A log as inspect_ai writes it, for InspectLogTest: python bench/peers/eval/inspect_log.py (inspect_ai 0.3.285 made it).

Sums that a mock model answers; two epochs, the match scorer, one sample whose model call failed. The rows are ours.
"""
import shutil
import tempfile
from pathlib import Path

import tiktoken

tiktoken.get_encoding = lambda name: type("Words", (), {"encode": lambda self, text, **how: text.split()})()  # no download

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput, get_model
from inspect_ai.scorer import includes, match
from inspect_ai.solver import generate

OUT = Path(__file__).resolve().parents[3] / "eval/src/test/resources/inspect"
OUT.mkdir(parents=True, exist_ok=True)


def said(messages, *more):
    text = messages[-1].text
    if "3 + 2" in text:
        return ModelOutput.from_content("mockllm/model", "ANSWER: 5" if "twice" not in text else "6", stop_reason="max_tokens")
    return ModelOutput.from_content("mockllm/model", {"What is 3 + 1?": "The answer is 4"}.get(text, "no idea"))


task = Task(dataset=[Sample(input="What is 3 + 1?", target="4", id="one"),
                     Sample(input="What is 3 + 2?", target=["5", "five"], id=2),
                     Sample(input="What is 3 + 3?", target="6", id=3)],
            solver=generate(), scorer=[match(), includes()], name="sums")
with tempfile.TemporaryDirectory() as folder:
    eval(task, model=get_model("mockllm/model", custom_outputs=said), epochs=2, log_dir=folder, display="none")
    shutil.copy(next(Path(folder).glob("*.eval")), OUT / "2026-12-01_sums.eval")
