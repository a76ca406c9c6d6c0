/// What the trainer optimises, as data: records that are read from a config and know no tensors.
///
/// `objective(progress) = sum over terms of weight(progress) x mean over loss positions of distance(other side,
/// student side)`. Begin with [dev.socratic.trainer.objective.Objective] and [dev.socratic.trainer.objective.Term].
/// Conventions, in one place: `p` is the teacher and `q` the student; `kl` is forward; a temperature divides both
/// sides' logits and multiplies the term by its square; position i predicts token i+1 and counts when its label does;
/// the divisor is the number of loss positions of the whole optimiser step; distances are float32.
///
/// A term is a signal (a [dev.socratic.trainer.objective.Tap] through [dev.socratic.trainer.objective.View]s) of both
/// models at paired layers, a [dev.socratic.trainer.objective.Distance] between them, and a weight that follows a
/// [dev.socratic.trainer.objective.Schedule]. What has no meaning is refused when it is read: every step of a signal
/// has a [dev.socratic.trainer.objective.Kind].
///
/// Two choices belong to the objective, not to a term: where the tokens come from
/// ([dev.socratic.trainer.objective.Rollout]) and what is changed inside the models while it trains
/// ([dev.socratic.trainer.objective.Edit]), which may make a second pass that terms can name.
///
/// To add a distance or a view: a record here and its case in [dev.socratic.trainer.loss], which the compiler
/// names; the laws find it by reflection. A schedule or a pairing: its record and case stand in one file. A method: a
/// file in `presets`.
package dev.socratic.trainer.objective;
