"""Batches of answers beside transformers and llama.cpp, in one run: tokens written a second of processor time, one thread each.

    python bench/models/continuous_batching_peers.py FOLDER float32|bfloat16 FILE.gguf 16:64:32 64:64:16

FOLDER holds the model in that type, FILE.gguf in the same; 16:64:32 is 16 rows of 64 prompt tokens and 32 new ones. Sides take turns, three times;
medians are printed. Peers: transformers 4.57.6 and torch 2.7.1, xllamacpp.
"""

import statistics
import subprocess
import sys
import threading
import time

import torch
import transformers
import xllamacpp

folder, kind, gguf, *batches = sys.argv[1:]
torch.set_num_threads(1)
model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, kind)).eval()


def prompts(rows, tokens):
    generator = torch.Generator().manual_seed(1)
    return torch.randint(100, 40_000, (rows, tokens), generator=generator)


def with_transformers(rows, tokens, new):
    ids = prompts(rows, tokens)
    seconds = []
    for count in (1, new + 1):
        begun = time.process_time()
        with torch.inference_mode():
            model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=count, min_new_tokens=count, do_sample=False, pad_token_id=0)
        seconds.append(time.process_time() - begun)
    return rows * new / (seconds[1] - seconds[0])


def with_llama(rows, tokens, new):
    parameters = xllamacpp.CommonParams()
    parameters.model.path = gguf
    parameters.n_parallel = rows
    parameters.n_ctx = rows * (tokens + new + 16)
    parameters.n_batch = parameters.n_ubatch = 512
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    ids = prompts(rows, tokens).tolist()
    seconds = []
    for count in (1, new + 1):
        def ask(row):
            server.handle_completions({"prompt": ids[row], "n_predict": count, "ignore_eos": True, "temperature": 0, "cache_prompt": False}, answers.append)
        threads = [threading.Thread(target=ask, args=(row,)) for row in range(rows)]
        answers = []
        begun = time.process_time()
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        seconds.append(time.process_time() - begun)
        assert sum(answer["usage"]["completion_tokens"] for answer in answers) == rows * count, answers
    del server
    return rows * new / (seconds[1] - seconds[0])


def with_ours(rows, tokens, new):
    out = subprocess.run(["bench/run", "bench/models/ContinuousBatching.java", folder, kind, f"batch:{rows}:{tokens}:{new}"],
                         capture_output=True, text=True, check=True).stdout
    return float(out.split("wrote ")[1].split()[0])


for batch in batches:
    sizes = [int(part) for part in batch.split(":")]
    sides = {"ours": [], "transformers": [], "llama.cpp": []}
    for trial in range(3):
        sides["ours"].append(with_ours(*sizes))
        sides["transformers"].append(with_transformers(*sizes))
        sides["llama.cpp"].append(with_llama(*sizes))
    medians = {side: statistics.median(values) for side, values in sides.items()}
    print(kind, batch, {side: round(value, 1) for side, value in medians.items()},
          "ours / transformers", round(medians["ours"] / medians["transformers"], 2),
          "ours / llama.cpp", round(medians["ours"] / medians["llama.cpp"], 2), flush=True)
