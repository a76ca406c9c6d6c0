/// Where the tokens of a step come from: the data set, the student itself, or the teacher. Begin with
/// [dev.socratic.trainer.rollout.Rollouts]. Every draw is derived from the run's seed and the number of the step, so
/// that a run that goes on from a checkpoint writes what an undisturbed one does.
package dev.socratic.trainer.rollout;
