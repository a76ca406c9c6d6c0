/// What a run needs before its first step: [dev.socratic.trainer.prepare.TokenizerFiles] puts a tokenizer into the
/// student's folder, [dev.socratic.trainer.prepare.Students] makes the student, [dev.socratic.trainer.prepare.Corpus]
/// opens the data.
package dev.socratic.trainer.prepare;
