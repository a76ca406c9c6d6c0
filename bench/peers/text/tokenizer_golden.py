"""Reference figures for `dev.socratic.models.text`, from the Python libraries.

Made with Python 3.11, tokenizers 0.23.3, transformers 5.23.0. No randomness.

    pip install tokenizers==0.23.3 transformers==5.23.0
    python bench/peers/text/tokenizer_golden.py models/src/test/resources/text

Reads `corpus.txt` and `embedded/` (written by our own trainer: `TokenizerFixture`) from the folder given and writes
`golden.json` (ids, UTF-16 offsets, decodings, rendered chats with the tokens of the assistant) and
`byte_fallback/tokenizer.json` (a small tokenizer of the sentencepiece kind, made by hand here).
It also trains with the reference trainer on the same corpus and fails unless vocabulary and merges are ours.
"""

import json
import pathlib
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

FOLDER = pathlib.Path(sys.argv[1])
SPECIAL = ["<|pad|>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>"]
ADDED = ["<think>", "</think>"]

TEXTS = [
    "",
    "Ana has 24 apples.",
    "<|user|>Ben has 3 boxes. How many?<|end|><|assistant|><think>\n24 + 16 = 40\n</think>\nThe answer is 40.<|end|>",
    "  two blanks,\ttab\r\nand a line \n\n end  ",
    "12345 007 3.14 1,000 ½ Ⅷ ٣٤",
    "Chloé naïve Łódź ñandú Straße",
    "日本語のテキスト 한국어 العربية हिन्दी",
    "😀👩‍👩‍👧 e\u0301 🇪🇺x😀",
    "don't they've I'll we'd 's",
    "null\u0000byte \u200b\u00a0\u2028 blanks",
    "<think><think> <|end|><|pad|>x</think",
    "a" * 50 + " " * 20 + "=" * 7,
]


def utf16(text, at):
    return len(text[:at].encode("utf-16-le", "surrogatepass")) // 2


def encode(tokenizer, text):
    e = tokenizer.encode(text, add_special_tokens=False)
    return {
        "text": text,
        "ids": e.ids,
        "starts": [utf16(text, s) for s, _ in e.offsets],
        "ends": [utf16(text, t) for _, t in e.offsets],
        "decoded": tokenizer.decode(e.ids, skip_special_tokens=False),
        "spoken": tokenizer.decode(e.ids, skip_special_tokens=True),
    }


def same_as_the_reference_trainer():
    ours = json.loads((FOLDER / "embedded/tokenizer.json").read_text())
    theirs = Tokenizer(models.BPE())
    theirs.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    size = len(ours["model"]["vocab"])
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        special_tokens=SPECIAL + ADDED,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    stretches = []
    for line in (FOLDER / "corpus.txt").read_text().splitlines():
        text = line.replace("\\n", "\n")
        for name in SPECIAL + ADDED:
            text = text.replace(name, "\x00\x00")
        stretches += [s for s in text.split("\x00\x00") if s]
    theirs.train_from_iterator(stretches, trainer)
    saved = json.loads(theirs.to_str())
    assert saved["model"]["vocab"] == ours["model"]["vocab"], "vocabulary differs from the reference trainer's"
    assert saved["model"]["merges"] == ours["model"]["merges"], "merges differ from the reference trainer's"
    return size


def byte_fallback():
    vocab = {"<unk>": 0, "<s>": 1, "</s>": 2}
    for value in range(256):
        vocab[f"<0x{value:02X}>"] = len(vocab)
    for piece in ["▁", "a", "b", "c", "é", "▁a", "ab", "▁ab"]:
        vocab[piece] = len(vocab)
    t = Tokenizer(models.BPE(vocab, [("▁", "a"), ("a", "b"), ("▁a", "b")], unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    t.add_special_tokens([AddedToken("<s>", special=True), AddedToken("</s>", special=True)])
    plain = [encode(t, text) for text in ["ab a é", "日本 😀😀ab", "<s>c</s> ab"]]
    # Saved with a truncation that would cut the texts: a reader of ours must not obey it.
    t.enable_truncation(max_length=2)
    t.enable_padding(length=8)
    (FOLDER / "byte_fallback").mkdir(exist_ok=True)
    t.save(str(FOLDER / "byte_fallback/tokenizer.json"))
    return plain


def chats():
    tokenizer = PreTrainedTokenizerFast.from_pretrained(FOLDER / "embedded")
    assert tokenizer.pad_token == "<|pad|>" and tokenizer.eos_token == "<|end|>", tokenizer
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is 2 + 2? 😀"},
        {"role": "assistant", "content": "<think>\n2 + 2 = 4\n</think>\nThe answer is 4."},
        {"role": "user", "content": "And 3 + 3?"},
        {"role": "assistant", "content": "The answer is 6."},
    ]
    cases = []
    for messages, prompt in [(turns, False), (turns[:4], True), (turns[1:3], False)]:
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt)
        marked = tokenizer.apply_chat_template(
            messages, tokenize=True, add_generation_prompt=prompt, return_dict=True, return_assistant_tokens_mask=True
        )
        cases.append(
            {
                "messages": messages,
                "add_generation_prompt": prompt,
                "text": text,
                "ids": marked["input_ids"],
                "assistant": marked["assistant_masks"],
            }
        )
    return cases


if __name__ == "__main__":
    size = same_as_the_reference_trainer()
    ours = PreTrainedTokenizerFast.from_pretrained(FOLDER / "embedded")
    golden = {
        "embedded": [encode(ours.backend_tokenizer, text) for text in TEXTS],
        "byte_fallback": byte_fallback(),
        "chats": chats(),
    }
    (FOLDER / "golden.json").write_text(json.dumps(golden, ensure_ascii=True, indent=1) + "\n")
    print(f"vocabulary of {size} is the reference trainer's; {len(TEXTS)} texts, {len(golden['chats'])} chats")
