/// GGUF, the file format of llama.cpp: metadata and tensors in one file, or in several parts.
///
/// Begin with [dev.socratic.models.gguf.Gguf], which opens a file; [dev.socratic.models.gguf.GgmlType] lists how
/// numbers may be stored, [dev.socratic.models.gguf.Dequantise] turns them into float32 to the last bit as Python's
/// `gguf` package does. Models become Hugging Face folders in [dev.socratic.models.gguf.convert].
///
/// To add a type: a constant in `GgmlType`, its blocks in `Dequantise`, a fixture from
/// `bench/peers/models/gguf_fixtures.py`.
///
/// Everything here may come from a stranger: a damaged or hostile file is one line, and costs no memory that its own
/// size does not justify.
package dev.socratic.models.gguf;
