/// Models between GGUF and Hugging Face folders.
///
/// Begin with [dev.socratic.models.gguf.convert.GgufImport]. What the two formats call things, and how they lay out
/// weights, is in [dev.socratic.models.gguf.convert.GgufFamily] and [dev.socratic.models.gguf.convert.TensorNames]; how
/// text is cut before byte pairs are merged, in [dev.socratic.models.gguf.convert.PreTokenizer].
package dev.socratic.models.gguf.convert;
