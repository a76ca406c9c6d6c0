/// The documents of a task, from files on this machine.
///
/// Begin with [dev.socratic.eval.harness.data.TaskData].
package dev.socratic.eval.harness.data;
