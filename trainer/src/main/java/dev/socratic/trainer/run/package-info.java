/// A training from its first step to its last: begin with [Loop], one step read top to bottom, which [Trainer] gives
/// what it learns from (encoders: `encoder.MaskedTrainer`). What must be there before is
/// [dev.socratic.trainer.run.prepare], what is kept on the way [dev.socratic.trainer.run.checkpoint], what is told
/// [dev.socratic.trainer.run.log], what is left behind beside weights [dev.socratic.trainer.run.card].
package dev.socratic.trainer.run;
