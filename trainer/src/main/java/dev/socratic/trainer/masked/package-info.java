/// Masked language modelling: some tokens of a text are hidden, and an encoder has to say what they were.
///
/// Begin with [dev.socratic.trainer.masked.Masking], which hides them; [dev.socratic.trainer.masked.TokenOdds] says
/// how likely each is to be hidden, [dev.socratic.trainer.masked.ControlIds] which ids mean something of their own.
/// The training is [dev.socratic.trainer.loop.MaskedTrainer].
package dev.socratic.trainer.masked;
