/// One optimiser step's forward and backward passes.
///
/// Begin with [Backward]. The final hidden states are cut off from the graph; [VocabularyHead] projects them in
/// chunks of tokens and asks a [dev.socratic.trainer.loss.StepLoss] what is lost on each; what comes back is one
/// gradient in the hidden states, which is then pushed through the body once. [LossContexts] finds out before what the
/// chunks are to know; [GradientAccumulation] adds up over the micro-batches; [EditedMicroBatch] makes the passes that
/// an objective's edit asks for; [TrainableWeights] says whose gradients are wanted. Deterministic given its arguments
/// and the number of threads.
package dev.socratic.trainer.step;
