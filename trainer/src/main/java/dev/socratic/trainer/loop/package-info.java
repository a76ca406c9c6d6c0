/// What happens in an optimiser step, top to bottom: [dev.socratic.trainer.loop.Loop], which
/// [dev.socratic.trainer.loop.Trainer] (decoders) and [dev.socratic.trainer.loop.MaskedTrainer] (encoders) give what
/// they learn from.
///
/// The final hidden states are cut off from the graph; [dev.socratic.trainer.loop.VocabularyHead] projects them in
/// chunks of tokens and hands each chunk to a [dev.socratic.trainer.loop.TokenLoss]; what comes back is one gradient
/// in the hidden states, which is then pushed through the body once. [dev.socratic.trainer.loop.AdamW] clips and
/// steps. Everything here is deterministic given its arguments and the number of threads.
package dev.socratic.trainer.loop;
