"""Makes models/src/test/resources/encoders: for each family of encoders a tiny checkpoint with random weights and what the reference
implementation computes with it.

    python encoder_fixtures.py OUT_FOLDER        (torch 2.7.1, transformers 4.57.6; float32, processor)

The files are those of family_fixtures.py, for a batch of two rows of unequal length, padded on the right.
"""
import json
import pathlib
import shutil
import sys
import tempfile

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForMaskedLM

LENGTHS = [17, 9]
BASE = {"vocab_size": 64, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "hidden_act": "gelu",
        "max_position_embeddings": 40, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0}
CASES = {
    "bert": ({**BASE, "model_type": "bert"},
             ["bert.embeddings.word_embeddings.weight", "bert.encoder.layer.0.attention.self.key.weight", "cls.predictions.transform.dense.bias"]),
    "roberta": ({**BASE, "model_type": "roberta", "type_vocab_size": 1, "layer_norm_eps": 1e-5, "bos_token_id": 0,
                 "pad_token_id": 1, "eos_token_id": 2},
                ["roberta.embeddings.position_embeddings.weight", "roberta.encoder.layer.0.attention.self.key.weight", "lm_head.layer_norm.weight"]),
    "distilbert": ({"model_type": "distilbert", "vocab_size": 64, "dim": 32, "hidden_dim": 48, "n_layers": 2, "n_heads": 4, "activation": "gelu",
                    "max_position_embeddings": 40, "pad_token_id": 0},
                   ["distilbert.embeddings.word_embeddings.weight", "distilbert.transformer.layer.0.attention.k_lin.weight", "vocab_layer_norm.bias"]),
}


def make(folder, config, gradients):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    architecture = AutoModelForMaskedLM._model_mapping[type(AutoConfig.for_model(config["model_type"]))].__name__
    (folder / "config.json").write_text(json.dumps({"architectures": [architecture], **config, "torch_dtype": "bfloat16"}, indent=2) + "\n")
    model = AutoModelForMaskedLM.from_config(AutoConfig.from_pretrained(folder))
    torch.manual_seed(20)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1:
                weight.normal_(0, 0.4)
            elif name.endswith("bias"):
                weight.normal_(0, 0.3)
            else:
                weight.uniform_(0.5, 1.5)
            weight.copy_(weight.to(torch.bfloat16).float())
    with tempfile.TemporaryDirectory() as saved:
        model.to(torch.bfloat16).save_pretrained(saved)
        shutil.copy(pathlib.Path(saved) / "model.safetensors", folder)
        shutil.copy(pathlib.Path(saved) / "config.json", folder / "config_saved.json")
    model = AutoModelForMaskedLM.from_pretrained(folder, torch_dtype=torch.float32, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(3)
    ids = torch.full((len(LENGTHS), max(LENGTHS)), config["pad_token_id"])
    for row, length in enumerate(LENGTHS):
        ids[row, :length] = torch.randint(2, 64, (length,), generator=generator)
    mask = (torch.arange(max(LENGTHS)).unsqueeze(0) < torch.tensor(LENGTHS).unsqueeze(1)).long()
    direction = torch.randn(len(LENGTHS), max(LENGTHS), 64, generator=generator) * mask.unsqueeze(2)
    result = model(ids, attention_mask=mask, output_hidden_states=True, output_attentions=True)
    (result.logits * direction).sum().backward()
    weights = dict(model.named_parameters())
    arrays = {"logits": result.logits, "direction": direction}
    arrays |= {f"hidden.{i}": hidden for i, hidden in enumerate(result.hidden_states)}
    arrays |= {f"attention.{i}": attention for i, attention in enumerate(result.attentions)}
    arrays |= {f"gradient.{name}": weights[name].grad for name in gradients}
    save_file({name: array.detach().contiguous() for name, array in arrays.items()}, folder / "expected.safetensors")
    made_by = {"torch": torch.__version__, "transformers": transformers.__version__, "seed": 20}
    expected = {"made_by": made_by, "ids": ids.tolist(), "lengths": LENGTHS, "gradients": gradients}
    (folder / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert size <= 300 * 1024, (folder.name, size)
    print(f"{folder.name:12} {size // 1024} KB, largest logit {result.logits.abs().max():.2f}", flush=True)


if __name__ == "__main__":
    transformers.logging.set_verbosity_error()
    torch.set_num_threads(1)
    for name, (config, gradients) in CASES.items():
        make(pathlib.Path(sys.argv[1]) / name, config, gradients)
