/// Training a student: begin with [dev.socratic.trainer.TrainConfig] (what can be chosen) and
/// [dev.socratic.trainer.TrainStage] (the run).
///
/// `prepare` makes tokenizer, student and corpus ready, `batch` turns rows into micro-batches, `loop` takes the steps
/// and keeps checkpoints, `log` writes what happened. `objective`, `plan` and `kernel` say what is lost on a token.
/// The programs that run on libtorch are text files under `resources/dev/socratic/trainer/programs`.
package dev.socratic.trainer;
