/// From rows of a data set to the micro-batches of an optimiser step, and the loss mask that says which tokens are in
/// the loss. Begin with [RowEncoder] (a row becomes a [TokenRow]: ids and their loss mask), go on to [LengthBuckets]
/// (rows become [MicroBatch]es) and [BatchStream] (endless passes, and a position that can be stored and found
/// again). [Corpus] opens the data. Where the teacher has another tokenizer, [TwoTokenizerEncoder] reads rows for
/// both ([TeacherRow] is the teacher's side; [dev.socratic.trainer.data.align] joins the two), and
/// [RolloutRetokenizer] what the student has written. Knows no tensors.
package dev.socratic.trainer.data;
