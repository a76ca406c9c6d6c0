/// Evaluations that take another model's word, or another model's part: a judge with a rubric, preference between two
/// answers, conversations of several turns, a tutor and its student.
///
/// Begin with [dev.socratic.eval.judged.JudgedTask], what a config says of each kind, and
/// [dev.socratic.eval.judged.JudgedRun], which makes them ready and asks. Everything is asked through `core.ask`, so
/// that it is kept, paid once, budgeted and resumed: whoever runs it again after a kill replays what was said and goes
/// on where nobody has answered yet. Judges are a [dev.socratic.eval.judged.Jury]; what people say of some of the
/// judged is held against them in [dev.socratic.eval.judged.JudgeCalibration].
///
/// To add a kind: a record of `JudgedTask`, the class that asks, its case in `JudgedRun`.
package dev.socratic.eval.judged;
