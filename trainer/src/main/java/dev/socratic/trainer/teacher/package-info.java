/// The teacher's side of a training: [Teachers] are live ones, with their weights; [StoredTeacher] stands for them
/// with what was captured before ([StoreCapabilities] says for which objectives, [PartialDistribution] what of a
/// distribution was kept).
package dev.socratic.trainer.teacher;
