/// Answers in, a training corpus out: steps that drop rows, each with its reason and its evidence.
///
/// Begin with [dev.socratic.curator.CurateStage], which runs the steps of a
/// [dev.socratic.curator.config.CurateConfig] over `answers.jsonl` and writes
/// - `train.jsonl`: the rows that stay, as they came, with the field `question`,
/// - `rejected.jsonl`: every other row with `step`, `reason` and `evidence`,
/// - `quarantine.jsonl`: lines that are no rows, with file, line and reason,
/// - `report.json`: how many rows went into and came out of each step, why, and with which limits.
///
/// All four are written when everything is decided, under temporary names first; the same input gives the same bytes,
/// and a run that was killed is simply run again. Rows are never changed, only dropped.
package dev.socratic.curator;
