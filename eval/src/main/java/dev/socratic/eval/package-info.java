/// Asks a model the questions of a task, scores the answers and says how sure that is.
///
/// Begin with [dev.socratic.eval.EvalStage]. It makes each task ready ([dev.socratic.eval.PreparedTask]), asks what an
/// earlier run has not asked ([dev.socratic.eval.Interview], [dev.socratic.eval.Answers]), scores
/// ([dev.socratic.eval.ExactMatch]) and writes `samples_*.jsonl` ([dev.socratic.eval.SampleJson]) and `results_*.json`
/// ([dev.socratic.eval.ResultsFile]). What is said of samples is computed in one place,
/// [dev.socratic.eval.SampleMetrics]. [dev.socratic.eval.SavedSamples] reads such files, ours and those of
/// lm-evaluation-harness, and scores or compares them again without a model.
///
/// Field names, file names and hashes are those of lm-evaluation-harness 0.4.13: its table of results, its tools for
/// file names and what its Zeno script reads of saved files take ours as they are. Deviations:
/// - `arg_0` holds the conversation as JSON, since the chat template is the model's business; it writes the prompt as
///   one text.
/// - Samples have `why`, `finish_reason` and, with examples, `few_shot_ids` besides; results have `ci95` (Wilson) at
///   the top level.
/// - Absent are tokenizer, environment and git fields, which say nothing about a model behind an endpoint, and the
///   evaluation's time, which would make two equal evaluations differ; the run's manifest has it.
/// - `doc_id` counts the readable questions of the source, those without a gold answer too, though these are not asked.
/// - `n-samples.original` counts the rows read, bad ones included, `effective` the answers scored.
/// - The files lie in the stage's folder, not in a folder named like the model.
package dev.socratic.eval;
