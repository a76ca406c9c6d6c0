/// From rows of a data set to the micro-batches of an optimiser step.
///
/// Begin with [dev.socratic.trainer.batch.RowEncoder] (a row becomes tokens and a mask), go on to
/// [dev.socratic.trainer.batch.Buckets] (rows become micro-batches) and [dev.socratic.trainer.batch.BatchStream]
/// (endless passes, and a position that can be stored and found again). Where the teacher has another tokenizer,
/// [dev.socratic.trainer.batch.TwinEncoder] reads rows for both, and [dev.socratic.trainer.batch.OwnText] what the
/// student has written. Knows no tensors.
package dev.socratic.trainer.batch;
