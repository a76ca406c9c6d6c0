/// A model that judges rows by a rubric.
///
/// Begin with [dev.socratic.curator.judge.JudgeStep]: it asks by [dev.socratic.core.ask.Asker], as all that asks:
/// cached, budgeted, resumed. Rubrics, and how verdicts are read, are [dev.socratic.prompts.judge.Rubric], shared with
/// `eval`.
package dev.socratic.curator.judge;
