/// Encoders (BERT and its relatives) and masked language modelling: some tokens of a text are hidden, and an encoder
/// has to say what they were. All of it is here; nothing else of the trainer knows of encoders but
/// [dev.socratic.trainer.TrainStage].
///
/// Begin with [EncoderStage]; [TokenMasker] hides tokens, [MaskingWeights] says how likely each is to be hidden,
/// [ControlIds] which ids mean something of their own. [MaskedLearner] trains in the loop of every training.
package dev.socratic.trainer.encoder;
