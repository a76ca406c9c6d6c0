/// Asks a model the questions of a task, scores the answers and says how sure that is.
///
/// Begin with [dev.socratic.eval.EvalStage]: it asks (or reads what was asked before), scores each answer with
/// [dev.socratic.eval.Scorer], and writes `samples_*.jsonl` and `results_*.json` with the field names of lm-evaluation-harness.
/// [dev.socratic.eval.SavedSamples] scores and compares such files again, without a model.
package dev.socratic.eval;
