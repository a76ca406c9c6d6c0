/// Answers that are programs: run with their tests in a sandbox ([dev.socratic.core.sandbox]), each once in a run
/// folder, as many at a time as there are processors.
///
/// Begin with [dev.socratic.eval.code.ProgramRuns]. What tasks of lm-evaluation-harness make of the verdicts stands in
/// `eval.harness`.
package dev.socratic.eval.code;
