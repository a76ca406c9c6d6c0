/// A model that judges rows by a rubric, and how far people agree with it.
///
/// Begin with [dev.socratic.curator.judge.Rubric], a file: criteria with their scales, the prompt, and how a verdict is
/// read out of what the judge writes. [dev.socratic.curator.judge.JudgeStep] asks by
/// [dev.socratic.core.ask.Asker], as all that asks: cached, budgeted, resumed. To add a rubric that comes with the
/// curator: a file in the resources, and a line in `docs/curation.md`.
package dev.socratic.curator.judge;
