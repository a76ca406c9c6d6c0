"""A tiny sentence encoder as sentence-transformers saves one, and what transformers computes with it.

    python sentence_fixture.py models/src/test/resources/embed/minilm     # torch 2.7.1, transformers 4.57.6

The body has no head and no prefix in its names, as all-MiniLM-L6-v2; mean pooling and normalisation are three lines
of torch here, as sentence-transformers' modules Pooling and Normalize do them.
"""
import json
import os
import string
import sys

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

folder = sys.argv[1]
os.makedirs(folder + "/1_Pooling", exist_ok=True)
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "tom", "has", "three", "apple", "##s", "how", "many", "?"]
words += list(string.ascii_lowercase) + ["##" + letter for letter in string.ascii_lowercase if letter != "s"]
raw = Tokenizer(models.WordPiece({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
raw.normalizer = normalizers.BertNormalizer(lowercase=True)
raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
raw.post_processor = processors.TemplateProcessing(
    single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
raw.enable_truncation(8)
raw.enable_padding(length=8)
tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, unk_token="[UNK]", sep_token="[SEP]", pad_token="[PAD]",
                                    cls_token="[CLS]", mask_token="[MASK]")
tokenizer.save_pretrained(folder)
torch.manual_seed(7)
config = BertConfig(vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
                    intermediate_size=24, max_position_embeddings=32, initializer_range=0.3)
model = BertModel(config).eval()
model.save_pretrained(folder)
json.dump([{"idx": i, "name": str(i), "path": path, "type": "sentence_transformers.models." + kind}
           for i, (path, kind) in enumerate([("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")])],
          open(folder + "/modules.json", "w"), indent=2)
json.dump({"max_seq_length": 16, "do_lower_case": False}, open(folder + "/sentence_bert_config.json", "w"), indent=2)
json.dump({"word_embedding_dimension": 16, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True,
           "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False},
          open(folder + "/1_Pooling/config.json", "w"), indent=2)
raw.no_truncation()
raw.no_padding()
texts = ["Tom has three apples.", "How many?", "", "a"]
expected = {"texts": texts, "ids": [], "mean_normalized": [], "mean": [], "cls": []}
for text in texts:
    ids = raw.encode(text).ids
    with torch.no_grad():
        states = model(torch.tensor([ids])).last_hidden_state[0]   # [seq, hidden]
    mean = states.mean(0)
    expected["ids"].append(ids)
    expected["mean"].append(mean.tolist())
    expected["mean_normalized"].append(torch.nn.functional.normalize(mean, dim=0).tolist())
    expected["cls"].append(states[0].tolist())
json.dump(expected, open(folder + "/expected.json", "w"))
