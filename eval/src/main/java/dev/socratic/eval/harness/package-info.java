/// The tasks of lm-evaluation-harness, asked and scored as it asks and scores them.
///
/// Begin with [dev.socratic.eval.harness.Suite], what a config says, and [dev.socratic.eval.harness.SuiteRun], which
/// runs it: [dev.socratic.eval.harness.SuiteTask] is a task made ready (`task` reads it, `data` finds its documents,
/// `prompt` writes its prompts), [dev.socratic.eval.harness.Likelihoods] lets texts that are only scored be kept like
/// answers, `score` makes the figures. Facts are those of version 0.4.13.
///
/// Deviations, each refused by name or shown: functions of Python run only where there is an equivalent in `function`;
/// a prompt that is too long for the model fails, and its question is wrong, where there its beginning is cut off;
/// what is sampled is drawn by our own random numbers.
package dev.socratic.eval.harness;
