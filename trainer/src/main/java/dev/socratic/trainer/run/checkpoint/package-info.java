/// Checkpoints of a run: [CheckpointStore] writes and finds them, [TrainState] is where a run stands.
package dev.socratic.trainer.run.checkpoint;
