/// Where the tokens of a step come from: the data set, the student itself (on-policy), or the teacher. Begin with
/// [Rollouts]. [Sampler] writes answers, all of a step in one batch that they leave when they end ([RunningAnswers]);
/// [RolloutBuffer] keeps a step for further updates, [RolloutState] holds the replay buffer and what else a run has
/// learned about itself. Every draw is derived from the run's seed and the number of the step, so that a run that goes
/// on from a checkpoint writes what an undisturbed one does.
package dev.socratic.trainer.rollout;
