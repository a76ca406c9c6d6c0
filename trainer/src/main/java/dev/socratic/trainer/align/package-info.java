/// Two tokenisations of one text: which tokens of the student belong to which of the teacher, and which entries of
/// the two vocabularies mean the same. Plain numbers, no tensors.
///
/// Begin with [dev.socratic.trainer.align.Spans], which cuts a text where both sides end a token, and
/// [dev.socratic.trainer.align.TokenJoin], what a row carries to the loss.
/// [dev.socratic.trainer.align.VocabularyJoin] is about the vocabularies, [dev.socratic.trainer.align.Warping] and
/// [dev.socratic.trainer.align.NearestTokens] are FuseLLM's alignment by least edit distance.
package dev.socratic.trainer.align;
