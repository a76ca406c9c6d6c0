/// Text from local weights: batched generation with a cache, streaming, scores of given continuations, and what is expected at every position.
///
/// Begin with [dev.socratic.models.generate.LocalModel]. It renders messages, tokenizes, and runs an
/// [dev.socratic.models.generate.Answer] per request through one [dev.socratic.models.generate.Batch]; tokens are drawn inside the decoder's
/// program, several at a time.
package dev.socratic.models.generate;
