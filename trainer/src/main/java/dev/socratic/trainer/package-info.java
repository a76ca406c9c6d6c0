/// Training a student: begin with [dev.socratic.trainer.config.TrainConfig] (what can be chosen) and
/// [dev.socratic.trainer.TrainStage] (the run).
///
/// The rooms, arrows pointing down only (`ArchitectureTest` holds it):
///
/// | room | what is in it |
/// |---|---|
/// | `encoder` | all that only encoders need |
/// | `run` | the loop, checkpoints, logs, the card |
/// | `step` | forward and backward of one optimiser step, the head over the vocabulary |
/// | `optim` | optimisers |
/// | `loss` | terms, views, distances; loss weights; per-token log-probabilities |
/// | `rollout` | on-policy text, the rollout and the replay buffer |
/// | `teacher` | live and stored teachers |
/// | `logits` | the store of a teacher's distributions, and its capture |
/// | `plan` | an objective resolved against two models |
/// | `data` | rows to micro-batches, the loss mask; `align`: two tokenizers |
/// | `objective` | what is optimised, as data |
/// | `config` | what a run is told |
///
/// The programs that run on libtorch are text files under `resources/dev/socratic/trainer/programs`.
package dev.socratic.trainer;
