/// What a run tells while it goes: [MetricsLog] (`metrics.jsonl`, no clock in it, so that two runs are byte-equal),
/// `timings.jsonl` beside it, and [EventLog] (a TensorBoard event file).
///
/// All three are only ever appended to, and cut back to the length a checkpoint recorded when a run goes on from it.
package dev.socratic.trainer.run.log;
