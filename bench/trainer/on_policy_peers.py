"""An on-policy step beside TRL's, without vLLM: the student writes, the teacher reads along, the student learns.

Student and teacher, prompts (questions of GSM8K), rows a step, longest answer, AdamW, threads: the same on both sides,
one after the other in one run. Ours: `rollout: student` with reverse KL. Theirs: GKDTrainer with lmbda 1, beta 1, whose
text transformers' `generate` writes. What is written differs, so times are per written token. Needs what trl_peers.py
needs:

    python bench/trainer/on_policy_peers.py --model smollm2/hf --data gsm8k/train.jsonl [--completions 4]

With --completions n either side answers each of rows / n prompts n times. One line comes out.
"""
import argparse
import json
import os
import resource
import sys
import tempfile
import time

from trl_peers import HERE, conversations, models, run, seconds

CONFIG = """name: student
student: {folder: {path: %(student)s}}
teacher: %(teacher)s
data: {file: {path: %(messages)s}}
objective: %(objective)s
budget: {steps: {n: %(steps)d}}
batch_tokens: 1
micro_tokens: %(micro)d
max_seq: %(longest)d
shuffle_buffer: %(prompts)d
optimizer: {learning_rate: 1e-5, betas: [0.9, 0.999], weight_decay: 0, warmup: {steps: {n: 0}}, decay: constant}
checkpoint_every: 1000000
precision: %(dtype)s
"""
OBJECTIVE = """name: peer
rollout: {student: {max_new_tokens: %(new)d, completions: %(completions)d}}
terms: [{distance: {kl: {direction: reverse}}}]
"""


def theirs(job):
    """In a process of its own: what TRL does, as JSON."""
    import torch
    from datasets import Dataset
    from torch.utils.data import SequentialSampler
    from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
    from trl.experimental.gkd import GKDConfig, GKDTrainer
    torch.set_num_threads(job["threads"])
    tokenizer = AutoTokenizer.from_pretrained(job["student"])
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    rows = [json.loads(line) for line in open(job["tokens"])]
    marks, written = [], []

    class Clock(TrainerCallback):
        def on_step_begin(self, *args, **kwargs):
            marks.append((time.process_time(), time.time()))

        def on_train_end(self, *args, **kwargs):
            marks.append((time.process_time(), time.time()))

    def prompts(batch):
        asked = [row["input_ids"][:row["completion_mask"].index(1)] for row in batch for _ in range(job["completions"])]
        longest = max(map(len, asked))
        ids = torch.tensor([[tokenizer.pad_token_id] * (longest - len(each)) + each for each in asked])
        mask = torch.tensor([[0] * (longest - len(each)) + [1] * len(each) for each in asked])
        return {"prompts": ids, "prompt_attention_mask": mask, "input_ids": ids, "attention_mask": mask,
                "labels": ids.clone()}

    class Peer(GKDTrainer):
        def _get_train_sampler(self, dataset=None):
            return SequentialSampler(dataset if dataset is not None else self.train_dataset)

        @staticmethod
        def generate_on_policy_outputs(model, inputs, generation_config):
            out = GKDTrainer.generate_on_policy_outputs(model, inputs, generation_config)
            written.append(int((out[2] != -100).sum()))
            return out

    half = job["dtype"] == "bfloat16"
    args = GKDConfig(lmbda=1.0, beta=1.0, temperature=1.0, max_new_tokens=job["new"], output_dir=job["out"],
                     per_device_train_batch_size=job["prompts"], max_steps=job["steps"], learning_rate=1e-5,
                     lr_scheduler_type="constant", warmup_steps=0, weight_decay=0.0, adam_beta2=0.999,
                     optim="adamw_torch_fused", logging_steps=1, report_to=[], save_strategy="no", use_cpu=True, bf16=half,
                     gradient_checkpointing=False, max_length=None, disable_tqdm=True, dataloader_num_workers=0, seed=0)
    model = AutoModelForCausalLM.from_pretrained(job["student"], dtype=torch.float32)
    teacher = AutoModelForCausalLM.from_pretrained(job["teacher"], dtype=torch.bfloat16 if half else torch.float32)
    Peer(model=model, teacher_model=teacher, args=args, train_dataset=Dataset.from_list(rows), data_collator=prompts,
         processing_class=tokenizer, callbacks=[Clock()]).train()
    print(json.dumps({"marks": marks, "written": written,
                      "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def ours(job, given):
    folder = job["work_folder"]
    objective = os.path.join(folder, "peer.yaml")
    open(objective, "w").write(OBJECTIVE % job)
    path, out = os.path.join(folder, "train.yaml"), os.path.join(folder, "ours")
    open(path, "w").write(CONFIG % dict(job, objective=objective))
    command = given.runner.split() + [os.path.join(HERE, "TrainingClock.java"), "train", path, out, str(job["threads"])]
    told = json.loads(run(command, job).splitlines()[-1])
    lines = [json.loads(line) for line in open(os.path.join(out, "metrics.jsonl"))]
    told["written"] = [line["answer_tokens"] * job["rows"] for line in lines]
    return told


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--model", help="a Hugging Face folder of the Llama architecture: the teacher; every other layer of "
                                      "it is the student")
    args.add_argument("--data", help="gsm8k/train.jsonl")
    args.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    args.add_argument("--rows", type=int, default=8, help="answers of a step")
    args.add_argument("--completions", type=int, default=1)
    args.add_argument("--new", type=int, default=96, help="longest answer, tokens")
    args.add_argument("--longest", type=int, default=384)
    args.add_argument("--steps", type=int, default=5)
    args.add_argument("--warmup", type=int, default=1)
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--runner", default=os.path.join(HERE, "..", "run"))
    args.add_argument("--job", help=argparse.SUPPRESS)
    given = args.parse_args()
    if given.job:
        theirs(json.load(open(given.job)))
        return
    from transformers import AutoTokenizer
    given.work = "kd"
    with tempfile.TemporaryDirectory() as work:
        student, teacher = models(given, work)
        prompts = given.rows // given.completions
        messages, tokens = conversations(given.data, prompts * given.steps, given.longest - given.new,
                                         AutoTokenizer.from_pretrained(student))
        job = {"dtype": given.dtype, "student": student, "teacher": teacher, "rows": prompts * given.completions,
               "prompts": prompts, "completions": given.completions, "new": given.new, "steps": given.steps,
               "threads": given.threads, "longest": given.longest, "micro": given.rows * given.longest,
               "work_folder": work, "out": os.path.join(work, "trl"), "messages": os.path.join(work, "rows.jsonl"),
               "tokens": os.path.join(work, "tokens.jsonl")}
        for path, rows in ((job["messages"], messages), (job["tokens"], tokens)):
            open(path, "w").write("".join(json.dumps(row) + "\n" for row in rows))
        told = os.path.join(work, "job.json")
        json.dump(job, open(told, "w"))
        own = ours(job, given)
        peer = json.loads(run([sys.executable, os.path.abspath(__file__), "--job", told], job).splitlines()[-1])
        (mine, my_clock), (their, their_clock) = seconds(own["marks"], given.warmup), seconds(peer["marks"], given.warmup)
        wrote, theirs_wrote = sum(own["written"][given.warmup:]), sum(peer["written"][given.warmup:])
        print("on-policy %s %s, %d answers of at most %d tokens a step (%d to a prompt), %d threads: written tokens a "
              "processor second, writing, teacher and learning included, %.1f ours, %.1f TRL, ratio %.2f; by the clock "
              "%.1f and %.1f, ratio %.2f; a step %.1f and %.1f processor seconds; peak MB %.0f and %.0f" % (
                  given.dtype, os.path.basename(given.model.rstrip("/")), job["rows"], given.new, given.completions,
                  given.threads, wrote / mine, theirs_wrote / their, wrote / mine * their / theirs_wrote,
                  wrote / my_clock, theirs_wrote / their_clock, wrote / my_clock * their_clock / theirs_wrote,
                  mine / (given.steps - given.warmup), their / (given.steps - given.warmup), own["peak_mb"],
                  peer["peak_mb"]), flush=True)


if __name__ == "__main__":
    main()
