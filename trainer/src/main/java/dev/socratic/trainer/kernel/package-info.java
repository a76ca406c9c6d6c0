/// Formulas on tensors: tensors in, tensors out, no config reading. Begin with
/// [dev.socratic.trainer.kernel.ObjectiveLoss] (terms over logits, in chunks) and
/// [dev.socratic.trainer.kernel.TappedTerms] (terms inside the body, over a micro-batch); both send two sides through
/// [dev.socratic.trainer.kernel.Views] to [dev.socratic.trainer.kernel.Distances]. The formulas stand in
/// `programs/distances.txt` and `programs/views.txt`.
package dev.socratic.trainer.kernel;
