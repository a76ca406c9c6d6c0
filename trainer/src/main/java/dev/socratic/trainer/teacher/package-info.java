/// The teacher's side of a training: begin with [TeacherSide], what a teacher is to a step. It gives a [TeacherPass]
/// for each micro-batch and, chunk by chunk, the [TeacherTarget] that the student is compared with.
///
/// [Teachers] loads live ones, with their tokenizers; [StoredTeacher] stands for them with what was captured before
/// ([StoreCapabilities] says for which objectives, [PartialDistribution] what of a distribution was kept).
package dev.socratic.trainer.teacher;
