"""What people do with a model folder in Python, each in a few lines; prints a line for each and ends with 1 if any failed.

    python snippets.py STUDENT_FOLDER WORK_FOLDER
"""
import json
import pathlib
import sys
import traceback
import warnings

import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, pipeline

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
torch.set_num_threads(1)
folder, work = sys.argv[1:3]
failed = []
CHAT = [{"role": "user", "content": "Anna has 3 apples and buys 4. How many has she?"}]


def snippet(run):
    try:
        print("ok    ", run.__name__, run() or "")
    except Exception as problem:
        traceback.print_exc()
        failed.append(run.__name__)
        print("FAILED", run.__name__, type(problem).__name__, str(problem)[:300])


tok = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


@snippet
def config_says_what_it_is():
    config = AutoConfig.from_pretrained(folder)
    assert config.architectures and config.vocab_size >= len(tok) and config.eos_token_id is not None
    return config.model_type


@snippet
def no_weight_is_missing_or_left_over():
    _, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not any(info[kind] for kind in ("missing_keys", "unexpected_keys", "mismatched_keys")), info


@snippet
def generate_takes_what_the_tokenizer_gives():
    out = model.generate(**tok("Anna has", return_tensors="pt"), max_new_tokens=4, do_sample=False)
    assert out.shape[1] > 2


@snippet
def a_chat_becomes_tokens_and_an_answer():
    ids = tok.apply_chat_template(CHAT, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    text = tok.apply_chat_template(CHAT, add_generation_prompt=True, tokenize=False)
    assert tok(text, add_special_tokens=False)["input_ids"] == ids["input_ids"][0].tolist()
    out = model.generate(**ids, max_new_tokens=8, do_sample=False)
    return repr(tok.decode(out[0, ids["input_ids"].shape[1]:], skip_special_tokens=True))


@snippet
def answers_stop_at_the_end_token():
    generation = model.generation_config
    ends = generation.eos_token_id if isinstance(generation.eos_token_id, list) else [generation.eos_token_id]
    assert tok.eos_token_id in ends, (tok.eos_token_id, ends)

    class Certain(torch.nn.Module):
        def forward(self, x):
            logits = torch.full((*x.shape[:-1], model.config.vocab_size), -9.0)
            logits[..., tok.eos_token_id] = 9.0
            return logits

    head = model.lm_head
    model.lm_head = Certain()
    out = model.generate(**tok("Anna", return_tensors="pt"), max_new_tokens=9, do_sample=False)
    model.lm_head = head
    assert out[0, -1] == tok.eos_token_id and out.shape[1] == tok("Anna", return_tensors="pt")["input_ids"].shape[1] + 1


@snippet
def batches_are_padded_and_change_nothing():
    assert tok.pad_token is not None and tok.pad_token_id != tok.eos_token_id
    tok.padding_side = "left"
    texts = ["Anna has 3 apples", "Tom"]
    both = model.generate(**tok(texts, return_tensors="pt", padding=True), max_new_tokens=5, do_sample=False)
    for row, text in zip(both, texts):
        alone = model.generate(**tok(text, return_tensors="pt"), max_new_tokens=5, do_sample=False)[0]
        kept = [i for i in row.tolist() if i != tok.pad_token_id]
        assert kept == [i for i in alone.tolist() if i != tok.pad_token_id], (kept, alone)


@snippet
def text_survives_the_tokenizer():
    text = "Anna's 3 äpfel, 12.50 € — 漢字 🙂\n  end"
    assert tok.decode(tok(text, add_special_tokens=False)["input_ids"]) == text


@snippet
def the_pipeline_answers_texts_and_chats():
    ask = pipeline("text-generation", model=folder, tokenizer=folder)
    assert ask("Anna has", max_new_tokens=4, do_sample=False)[0]["generated_text"].startswith("Anna has")
    assert ask(CHAT, max_new_tokens=4, do_sample=False)[0]["generated_text"][-1]["role"] == "assistant"


@snippet
def saving_and_loading_again_changes_nothing():
    model.save_pretrained(work + "/saved")
    tok.save_pretrained(work + "/saved")
    again = AutoModelForCausalLM.from_pretrained(work + "/saved", dtype=torch.float32)
    ids = tok("Anna has 3 apples", return_tensors="pt")
    with torch.no_grad():
        assert torch.equal(model(**ids).logits, again(**ids).logits)
    other = AutoTokenizer.from_pretrained(work + "/saved")
    assert other.apply_chat_template(CHAT, tokenize=False) == tok.apply_chat_template(CHAT, tokenize=False)


@snippet
def safetensors_reads_the_file():
    from safetensors.torch import load_file
    weights = load_file(folder + "/model.safetensors")
    assert weights and all(torch.isfinite(w.float()).all() for w in weights.values())


@snippet
def trl_trains_it():
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer
    rows = Dataset.from_list([{"messages": CHAT + [{"role": "assistant", "content": "7"}]}] * 4)
    settings = SFTConfig(output_dir=work + "/trl", max_steps=1, per_device_train_batch_size=2, report_to=[], use_cpu=True,
                         save_strategy="no", bf16=False)
    trainer = SFTTrainer(model=folder, args=settings, train_dataset=rows)
    loss = trainer.train().training_loss
    assert 0 < loss < 20, loss
    return "loss %.2f" % loss


@snippet
def peft_puts_an_adapter_on_it():
    from peft import LoraConfig, get_peft_model
    adapted = get_peft_model(AutoModelForCausalLM.from_pretrained(folder), LoraConfig(task_type="CAUSAL_LM", target_modules="all-linear", r=2))
    adapted.save_pretrained(work + "/adapter")
    assert json.loads(pathlib.Path(work + "/adapter/adapter_config.json").read_text())["peft_type"] == "LORA"


@snippet
def the_harness_scores_it():
    try:
        from lm_eval.models.huggingface import HFLM
    except ImportError:
        return "left out: no lm_eval here"
    scores = HFLM(pretrained=folder, device="cpu").loglikelihood(
        [type("R", (), {"args": ("Anna has", " 3"), "arguments": ("Anna has", " 3")})()])
    assert scores[0][0] < 0


print(len(failed), "failed:", failed)
sys.exit(1 if failed else 0)
