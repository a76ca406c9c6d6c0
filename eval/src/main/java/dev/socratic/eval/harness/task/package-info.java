/// Tasks as lm-evaluation-harness 0.4.13 writes them.
///
/// Begin with [dev.socratic.eval.harness.task.TaskIndex], which finds tasks, groups and tags by name; a file becomes a
/// [dev.socratic.eval.harness.task.TaskYaml] with all it includes, and that a
/// [dev.socratic.eval.harness.task.TaskConfig] ([dev.socratic.eval.harness.task.TaskReader]).
package dev.socratic.eval.harness.task;
