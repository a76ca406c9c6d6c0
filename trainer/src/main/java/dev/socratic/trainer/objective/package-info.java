/// What the trainer optimises, as data: records that are read from a config and know no tensors.
///
/// `objective(progress) = sum over terms of weight(progress) x mean over counting positions of distance(other side, student side)`.
/// Begin with [dev.socratic.trainer.objective.Objective] and [dev.socratic.trainer.objective.Term]. Conventions, in one place: `p` is the teacher
/// and `q` the student; `kl` is forward; a temperature divides both sides' logits and multiplies the term by its square; position i predicts token
/// i+1 and counts when its label does; the divisor is the number of counting positions of the whole optimiser step; distances are float32.
///
/// To add a distance, a view or a schedule: a record here and its case in [dev.socratic.trainer.kernel.ObjectiveLoss], which the compiler names. To add a method:
/// a file in `presets`.
package dev.socratic.trainer.objective;
