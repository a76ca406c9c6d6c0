"""Training tokens a second and peak memory of a real pretrained model, ours against plain torch + transformers.

Both train the same folder on the same rows in float32 with AdamW, single thread, one after the other in one run, and
print the ratio. Needs torch, transformers and a built checkout:

    python bench/trainer/real_model_speed.py MODEL_FOLDER [--launcher ./socratic] [--steps 6] [--threads 1]

Several --launcher compare several builds. Rows of 256 tokens, 2 to a micro-batch, 2 micro-batches to a step; the first
two steps are not counted. Processor time is what the ratio is of, so that a busy machine does not decide it.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

SEQ, ROWS, MICRO = 256, 4, 2
PEER = """
import resource, sys, time, json, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
folder, rows, steps, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(0)
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)
texts = [json.loads(line)["text"] for line in open(rows)]
ids = [tokenizer(text)["input_ids"][:%d] for text in texts]
at, marks = 0, []
for step in range(steps):
    marks.append(time.process_time())
    for _ in range(%d):
        batch = torch.tensor(ids[at:at + %d]); at = (at + %d) %% len(ids)
        (model(batch, labels=batch).loss / %d).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step(); optimizer.zero_grad()
marks.append(time.process_time())
print(json.dumps({"seconds": (marks[-1] - marks[2]) / (steps - 2),
                  "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
""" % (SEQ, ROWS // MICRO, MICRO, MICRO, ROWS // MICRO)


def rows(folder, path):
    """Texts of at least SEQ tokens, so that every row is cut to the same length."""
    words = "the quick brown fox counts apples pears plums and boxes near a river while seven birds sing".split()
    with open(path, "w") as out:
        for i in range(64):
            text = " ".join(words[(i * 7 + j * (i + 3)) % len(words)] for j in range(SEQ * 2))
            out.write(json.dumps({"text": text}) + "\n")


def ours(launcher, folder, data, steps, threads):
    def cpu(count):
        with tempfile.TemporaryDirectory() as out:
            config = os.path.join(out, "train.yaml")
            with open(config, "w") as file:
                file.write("name: student\nstudent: {folder: {path: %s}}\ndata: {file: {path: %s}}\nmax_seq: %d\n"
                           "too_long: truncate\ntoo_long_limit: 1\nbatch_tokens: %d\nmicro_tokens: %d\nobjective: sft\n"
                           "budget: {steps: {n: %d}}\noptimizer: {learning_rate: 1e-5}\ncheckpoint_every: 100000\n"
                           % (folder, data, SEQ, SEQ * ROWS, SEQ * MICRO, count))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run(launcher.split() + ["train", config, "--out", out, "--threads", str(threads)],
                                  capture_output=True, text=True)
            if done.returncode:
                sys.exit(done.stdout + done.stderr)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            manifest = json.load(open(os.path.join(out, "manifest.json")))
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, manifest

    few, _ = cpu(2)
    many, manifest = cpu(steps)
    peak = [stage.get("peak_memory_mb") or stage.get("peak_memory") for stage in manifest.get("stages", {}).values()]
    return {"seconds": (many - few) / (steps - 2), "peak": peak}


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("folder")
    args.add_argument("--launcher", action="append")
    args.add_argument("--steps", type=int, default=8)
    args.add_argument("--threads", type=int, default=1)
    given = args.parse_args()
    with tempfile.TemporaryDirectory() as work:
        data = os.path.join(work, "rows.jsonl")
        rows(given.folder, data)
        env = dict(os.environ, OMP_NUM_THREADS=str(given.threads))
        peer = subprocess.run([sys.executable, "-c", PEER, given.folder, data, str(given.steps), str(given.threads)],
                              capture_output=True, text=True, env=env)
        if peer.returncode:
            sys.exit(peer.stderr)
        peer = json.loads(peer.stdout.splitlines()[-1])
        print("torch + transformers: %.2f s a step of %d tokens, peak %d MB"
              % (peer["seconds"], SEQ * ROWS, peer["peak_mb"]))
        for launcher in given.launcher or ["./socratic"]:
            own = ours(launcher, given.folder, data, given.steps, given.threads)
            print("%s: %.2f s a step, %.2fx as fast, peak %s"
                  % (launcher, own["seconds"], peer["seconds"] / own["seconds"], own["peak"]))


if __name__ == "__main__":
    main()
