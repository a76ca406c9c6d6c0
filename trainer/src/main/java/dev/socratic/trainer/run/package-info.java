/// A training from its first step to its last: begin with [TrainingLoop], one step read top to bottom. What it runs on
/// is [Resolved]; who gives it rows, loss and gradients is a [Learner]: [DecoderLearner], which [DecoderTraining] opens
/// and saves (encoders: `encoder.MaskedLearner`). What must be there before is [dev.socratic.trainer.run.prepare], what
/// is kept on the way [dev.socratic.trainer.run.checkpoint], what is told [dev.socratic.trainer.run.log], what is left
/// behind beside weights [dev.socratic.trainer.run.card].
package dev.socratic.trainer.run;
