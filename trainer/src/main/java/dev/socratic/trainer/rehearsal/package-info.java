/// Trainings of seconds, which go through the stage itself: what the self-test of `doctor` compares with the processor
/// and measures ([dev.socratic.models.rehearsal.Beside]). Begin with
/// [dev.socratic.trainer.rehearsal.SmallTrainings].
package dev.socratic.trainer.rehearsal;
