/// From rows of a data set to the micro-batches of an optimiser step.
///
/// Begin with [dev.socratic.trainer.batch.RowEncoder] (a row becomes tokens and a mask), go on to
/// [dev.socratic.trainer.batch.Buckets] (rows become micro-batches) and [dev.socratic.trainer.batch.BatchStream] (endless passes, and a
/// position that can be stored and found again). Knows no tensors.
package dev.socratic.trainer.batch;
