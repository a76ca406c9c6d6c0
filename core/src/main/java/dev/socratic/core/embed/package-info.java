/// Texts as vectors, for whoever compares meanings.
///
/// Begin with [dev.socratic.core.embed.Vectors]: it asks a [dev.socratic.core.text.TextEmbedder] for what the run
/// folder does not have yet and gives every vector, of length 1, in the order of the texts. Whoever makes vectors
/// implements `TextEmbedder`; nothing else changes.
package dev.socratic.core.embed;
