/// What is lost on a step, as formulas on tensors: tensors in, tensors out, no config reading.
///
/// Begin with [ObjectiveLoss], which runs a plan; what it loses in one step, and what has to be known for that, is a
/// [StepLoss]: [TokenTerms] over logits, chunk by chunk ([TokenChunk]); [FeatureTerms] inside the body, over a
/// micro-batch ([FeatureInputs]); [SequenceTerms] over whole answers, preferences and policy gradients
/// ([AnswerLogProbs]). The first two send two sides through [Views] to [Distances]; the formulas stand in
/// `programs/distances.txt` and `programs/views.txt`. How much a token counts is [TokenWeights], a teacher
/// [TeacherWeights]; per-token log-probabilities are [TokenStats]; what the step knows about tokens besides is
/// [LossContext].
package dev.socratic.trainer.loss;
