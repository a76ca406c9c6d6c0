/// What a run needs and checks before its first step: [TokenizerFiles] puts a tokenizer into the student's folder,
/// [Students] makes the student, [TrainChecks] and [RowCheck] say what does not fit, [SanityCheck] what the models
/// say of the first rows.
package dev.socratic.trainer.run.prepare;
