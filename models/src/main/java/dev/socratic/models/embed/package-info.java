/// Texts as vectors, with encoders that `sentence-transformers` saved.
///
/// Begin with [dev.socratic.models.embed.SentenceEncoder]: tokens with what the tokenizer puts around them, one pass
/// of `models.network.Encoder`, then what [dev.socratic.models.embed.SentenceConfig] read from the folder:
/// [dev.socratic.models.embed.Pooling], and perhaps a norm of 1. One more pooling is a constant of that enum.
package dev.socratic.models.embed;
