/// Text on its way into a model and out of it: tokens, vocabularies of our own, and chat templates.
///
/// Begin with [dev.socratic.models.text.Tokenizer] (ids and offsets, on the library's native tokenizers) and
/// [dev.socratic.models.text.ChatTemplate] (messages to the exact text a model expects).
/// [dev.socratic.models.text.BpeTrainer] makes a vocabulary from texts and [dev.socratic.models.text.TokenizerFolder]
/// writes it where any Hugging Face tool reads it.
///
/// The order is always the same: the template writes every control token into the text, the tokenizer adds none.
package dev.socratic.models.text;
