/// What is lost on a step, as formulas on tensors: tensors in, tensors out, no config reading.
///
/// Begin with [ObjectiveLoss], which runs a plan: [TokenTerms] over logits, chunk by chunk; [FeatureTerms] inside the
/// body, over a micro-batch; [SequenceTerms] over whole answers (preferences, policy gradients). The first two send two
/// sides through [Views] to [Distances]; the formulas stand in `programs/distances.txt` and `programs/views.txt`.
/// How much a token counts is [TokenWeights], a sample [SampleWeights], a teacher [TeacherWeights]; per-token
/// log-probabilities are [TokenStats]. What the step must hand over is [TokenLoss], [FeatureLoss] and [SequenceLoss].
package dev.socratic.trainer.loss;
