"""Training beside TRL: tokens a second by processor time and by the clock, peak memory, losses step by step.

Both sides train the same folder on the same rows in the same order with AdamW, the same threads, one after the other in
one run, and one line says how they compare. Rows are conversations of GSM8K, tokenised by either side itself; the loss
is on the answers. A step is --rows rows, in one micro-batch on both sides. Needs torch, transformers, trl, peft and a
built checkout:

    python bench/trainer/trl_peers.py --work sft --dtype float32 --model FOLDER --data gsm8k/train.jsonl
    python bench/trainer/trl_peers.py --work kd|store|lora ...      # KD against GKD with fixed text (lmbda 0, forward KL)
    python bench/trainer/trl_peers.py --work sft --model 15m --steps 30 --tokenizer FOLDER ...   # a random Llama of 15 M

work     ours                                     theirs
sft      objective: sft                           SFTTrainer
kd       objective: forward_kl, live teacher      GKDTrainer, lmbda 0, beta 0: every other layer of MODEL learns from it
store    objective: forward_kl from a dense store the same GKDTrainer; what capturing costs is told beside
lora     adapter: {lora: {r: 16, alpha: 32}}      SFTTrainer with PEFT, all-linear
torch    objective: sft, rows of one length       plain torch + transformers, rows padded as there

Of the first --warmup steps only losses count. Half precision is float32 weights with bfloat16 products on both sides
(TRL: bf16=True). `peak` is that of the process, models loaded included. `share` is of the products alone (layers for all
tokens, head where there is a loss) against a 2048-cube product of the type in our process.
"""
import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def conversations(path, count, longest, tokenizer):
    """The first rows that are not too long, as messages and as tokens with the mask of the answer."""
    messages, tokens = [], []
    for line in open(path):
        row = json.loads(line)
        chat = [{"role": "user", "content": row["question"]}, {"role": "assistant", "content": row["answer"]}]
        prompt = tokenizer.apply_chat_template(chat[:1], add_generation_prompt=True)
        ids = tokenizer.apply_chat_template(chat)
        end = len(ids)
        while tokenizer.decode(ids[end - 1:end]).strip() == "":  # behind the mark that ends the turn nothing is learned
            end -= 1
        mask = [0] * len(prompt) + [1] * (end - len(prompt)) + [0] * (len(ids) - end)
        if len(ids) <= longest:
            messages.append({"messages": chat})
            tokens.append({"input_ids": ids, "completion_mask": mask})
        if len(tokens) == count:
            return messages, tokens
    sys.exit("%s: %d rows of at most %d tokens; got %d" % (path, count, longest, len(tokens)))


def models(given, work):
    """Folders of student and teacher."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig
    student, teacher = os.path.join(work, "student"), given.model
    if given.model == "15m":
        tokenizer = AutoTokenizer.from_pretrained(given.tokenizer)
        for name, layers, seed in (("student", 6, 1), ("teacher", 12, 2)):
            torch.manual_seed(seed)
            config = LlamaConfig(vocab_size=len(tokenizer), hidden_size=192, intermediate_size=576,
                                 num_hidden_layers=layers, num_attention_heads=6, num_key_value_heads=3,
                                 max_position_embeddings=8192, tie_word_embeddings=True,
                                 bos_token_id=1, eos_token_id=2)
            AutoModelForCausalLM.from_config(config).save_pretrained(os.path.join(work, name))
            tokenizer.save_pretrained(os.path.join(work, name))
        return student, os.path.join(work, "teacher")
    if given.work in ("kd", "store"):
        model = AutoModelForCausalLM.from_pretrained(teacher, dtype=torch.float32)
        model.model.layers = torch.nn.ModuleList(list(model.model.layers)[::2])
        model.config.num_hidden_layers = len(model.model.layers)
        for i, layer in enumerate(model.model.layers):
            layer.self_attn.layer_idx = i
        if getattr(model.config, "layer_types", None):
            model.config.layer_types = model.config.layer_types[::2]
        model.save_pretrained(student)
        for name in os.listdir(teacher):  # file by file: saved anew it is another one to a store, which knows it by hash
            if name.startswith(("tokenizer", "special_tokens", "chat_template", "vocab", "merges")):
                shutil.copy(os.path.join(teacher, name), student)
        return student, teacher
    return teacher, teacher


def padded(rows, pad):
    import torch
    longest = max(len(row["input_ids"]) for row in rows)

    def full(values, fill):
        return torch.tensor([list(each) + [fill] * (longest - len(each)) for each in values])
    ids = full([row["input_ids"] for row in rows], pad)
    mask = full([[1] * len(row["input_ids"]) for row in rows], 0)
    learned = full([row["completion_mask"] for row in rows], 0)
    return {"input_ids": ids, "attention_mask": mask, "labels": torch.where(learned == 1, ids, -100)}


def theirs(job):
    """In a process of its own: what TRL does, as JSON."""
    import torch
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
    from torch.utils.data import SequentialSampler
    torch.set_num_threads(job["threads"])
    tokenizer = AutoTokenizer.from_pretrained(job["student"])
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    rows = [json.loads(line) for line in open(job["tokens"])]
    marks, losses = [], []

    class Clock(TrainerCallback):
        def on_step_begin(self, *args, **kwargs):
            marks.append((time.process_time(), time.time()))

        def on_train_end(self, *args, **kwargs):
            marks.append((time.process_time(), time.time()))

        def on_log(self, args, state, control, logs=None, **kwargs):
            if logs and "loss" in logs:
                losses.append(logs["loss"])

    common = dict(output_dir=job["out"], per_device_train_batch_size=job["rows"], gradient_accumulation_steps=1,
                  max_steps=job["steps"], learning_rate=job["rate"], lr_scheduler_type="constant", warmup_steps=0,
                  weight_decay=0.0, adam_beta1=0.9, adam_beta2=0.999, adam_epsilon=1e-8, max_grad_norm=1.0,
                  optim="adamw_torch_fused", logging_steps=1, report_to=[], save_strategy="no", use_cpu=True,
                  bf16=job["dtype"] == "bfloat16", gradient_checkpointing=False, max_length=None, packing=False,
                  disable_tqdm=True, dataloader_num_workers=0, model_init_kwargs=None, seed=0)
    model = AutoModelForCausalLM.from_pretrained(job["student"], dtype=torch.float32)
    if job["work"] in ("kd", "store"):
        from trl.experimental.gkd import GKDConfig, GKDTrainer
        teacher_type = torch.bfloat16 if job["dtype"] == "bfloat16" else torch.float32
        teacher = AutoModelForCausalLM.from_pretrained(job["teacher"], dtype=teacher_type)
        base, extra = GKDTrainer, dict(teacher_model=teacher, data_collator=lambda batch: padded(
            batch, tokenizer.pad_token_id))
        args = GKDConfig(lmbda=0.0, beta=0.0, **common)
    else:
        from trl import SFTConfig, SFTTrainer
        base, extra = SFTTrainer, {}
        if job["work"] == "lora":
            from peft import LoraConfig
            extra["peft_config"] = LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")
        args = SFTConfig(completion_only_loss=True, **common)

    class InOrder(base):
        def _get_train_sampler(self, dataset=None):
            return SequentialSampler(dataset if dataset is not None else self.train_dataset)

    trainer = InOrder(model=model, args=args, train_dataset=Dataset.from_list(rows), processing_class=tokenizer,
                      callbacks=[Clock()], **extra)
    trainer.train()
    print(json.dumps({"marks": marks, "losses": losses,
                      "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def plain(job):
    """In a process of its own: plain torch and transformers."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    torch.set_num_threads(job["threads"])
    tokenizer = AutoTokenizer.from_pretrained(job["student"])
    model = AutoModelForCausalLM.from_pretrained(job["student"], dtype=torch.float32)
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=job["rate"], betas=(0.9, 0.999), weight_decay=0, fused=True)
    rows = [json.loads(line) for line in open(job["tokens"])]
    marks, losses = [], []
    for step in range(job["steps"]):
        marks.append((time.process_time(), time.time()))
        batch = padded(rows[step * job["rows"]:(step + 1) * job["rows"]], tokenizer.pad_token_id or 0)
        with torch.autocast("cpu", torch.bfloat16, enabled=job["dtype"] == "bfloat16"):
            loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss))
    marks.append((time.process_time(), time.time()))
    print(json.dumps({"marks": marks, "losses": losses,
                      "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


CONFIG = """name: student
student: {folder: {path: %(student)s}}
data: {file: {path: %(messages)s}}
budget: {steps: {n: %(steps)d}}
batch_tokens: 1
micro_tokens: %(micro)d
max_seq: %(longest)d
shuffle_buffer: %(rows)d
packing: %(packing)s
optimizer: {learning_rate: %(rate)s, betas: [0.9, 0.999], weight_decay: 0, warmup: {steps: {n: 0}}, decay: constant}
checkpoint_every: 1000000
precision: %(dtype)s
"""


def ours(job, given):
    """Steps of our trainer: bench/trainer/TrainingClock.java with a config of its own."""
    config = CONFIG % job
    if job["work"] == "lora":
        config += "adapter: {lora: {r: 16, alpha: 32}}\n"
    config += "objective: %s\n" % ("forward_kl" if job["work"] in ("kd", "store") else "sft")
    command = given.runner.split() + [os.path.join(HERE, "TrainingClock.java")]
    captured = 0
    if job["work"] == "kd":
        config += "teacher: %s\n" % job["teacher"]
    if job["work"] == "store":
        store = os.path.join(job["work_folder"], "store")
        config += "store: %s\n" % store
        began = time.time()
        run(command + ["capture", job["teacher"], job["messages"], store, str(job["threads"]), given.encoding,
                       str(job["longest"])], job)
        captured = time.time() - began
    path = os.path.join(job["work_folder"], "train.yaml")
    open(path, "w").write(config)
    out = os.path.join(job["work_folder"], "ours")
    told = json.loads(run(command + ["train", path, out, str(job["threads"])], job).splitlines()[-1])
    told["losses"] = [json.loads(line)["loss"] for line in open(os.path.join(out, "metrics.jsonl"))]
    told["captured"] = captured
    return told


def run(command, job):
    env = dict(os.environ, OMP_NUM_THREADS=str(job["threads"]))
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode:
        sys.exit(done.stdout[-3000:] + done.stderr[-3000:])
    return done.stdout


def seconds(marks, warmup):
    return marks[-1][0] - marks[warmup][0], marks[-1][1] - marks[warmup][1]


def products(folder):
    """Weights of the layers' matrices, and of the head."""
    config = json.load(open(os.path.join(folder, "config.json")))
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    dim = config.get("head_dim") or hidden // config["num_attention_heads"]
    attention = hidden * dim * (2 * config["num_attention_heads"] + 2 * config["num_key_value_heads"])
    return config["num_hidden_layers"] * (attention + 3 * hidden * inner), hidden * config["vocab_size"]


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--work", choices=["sft", "kd", "store", "lora", "torch"], default="sft")
    args.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    args.add_argument("--model", help="a Hugging Face folder of the Llama architecture, or 15m")
    args.add_argument("--tokenizer", help="the folder whose tokenizer a 15m has")
    args.add_argument("--data", help="gsm8k/train.jsonl")
    args.add_argument("--rows", type=int, default=4, help="of a step")
    args.add_argument("--longest", type=int, default=512)
    args.add_argument("--steps", type=int, default=8)
    args.add_argument("--warmup", type=int, default=2)
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--rate", default="1e-5")
    args.add_argument("--packing", choices=["bfd", "none"], default="bfd")
    args.add_argument("--encoding", default="{dense: {precision: half}}", help="of the store")
    args.add_argument("--runner", default=os.path.join(HERE, "..", "run"), help="starts a Java file on our class path")
    args.add_argument("--job", help=argparse.SUPPRESS)
    given = args.parse_args()
    if given.job:
        job = json.load(open(given.job))
        (plain if job["work"] == "torch" else theirs)(job)
        return
    from transformers import AutoTokenizer
    with tempfile.TemporaryDirectory() as work:
        student, teacher = models(given, work)
        messages, tokens = conversations(given.data, given.rows * given.steps, given.longest,
                                         AutoTokenizer.from_pretrained(student))
        job = {"work": given.work, "dtype": given.dtype, "student": student, "teacher": teacher, "rows": given.rows,
               "steps": given.steps, "threads": given.threads, "rate": float(given.rate), "longest": given.longest,
               "micro": given.rows * given.longest, "packing": given.packing, "work_folder": work,
               "out": os.path.join(work, "trl"), "messages": os.path.join(work, "rows.jsonl"),
               "tokens": os.path.join(work, "tokens.jsonl")}
        for path, rows in ((job["messages"], messages), (job["tokens"], tokens)):
            open(path, "w").write("".join(json.dumps(row) + "\n" for row in rows))
        told = os.path.join(work, "job.json")
        json.dump(job, open(told, "w"))
        own = ours(job, given)
        peer = json.loads(run([sys.executable, os.path.abspath(__file__), "--job", told], job).splitlines()[-1])
        report(given, tokens, own, peer, products(student))


def report(given, tokens, own, peer, sizes):
    counted = tokens[given.warmup * given.rows:]
    inputs = sum(len(row["input_ids"]) - 1 for row in counted)
    learned = sum(sum(row["completion_mask"]) for row in counted)
    (mine, my_clock), (theirs_, their_clock) = seconds(own["marks"], given.warmup), seconds(peer["marks"], given.warmup)
    gap = max(abs(a - b) for a, b in zip(own["losses"], peer["losses"]))
    flop = (6 * sizes[0] * inputs + 6 * sizes[1] * learned) / 1e9
    print("%s %s %s, %d rows a step, %d threads: tokens a processor second %.0f ours (%s), %.0f %s, ratio %.2f; by the "
          "clock %.0f and %.0f, ratio %.2f; peak MB %.0f and %.0f, ratio %.2f; share of the %s peak %.0f %% of %.0f GFLOP"
          "/s; largest difference of %d losses %.5f (%.4f and %.4f at the end)%s" % (
              given.work, given.dtype, os.path.basename((given.model or "").rstrip("/")), given.rows, given.threads,
              inputs / mine, given.packing, inputs / theirs_, "torch" if given.work == "torch" else "TRL", theirs_ / mine,
              inputs / my_clock, inputs / their_clock, their_clock / my_clock, own["peak_mb"], peer["peak_mb"],
              own["peak_mb"] / peer["peak_mb"], given.dtype, 100 * flop / mine / own["peak_" + given.dtype],
              own["peak_" + given.dtype], min(len(own["losses"]), len(peer["losses"])), gap, own["losses"][-1],
              peer["losses"][-1], "; capturing took %.0f s" % own["captured"] if own.get("captured") else ""), flush=True)


if __name__ == "__main__":
    main()
