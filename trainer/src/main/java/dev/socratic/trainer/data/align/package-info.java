/// Two tokenisations of one text: which tokens of the student belong to which of the teacher, and which entries of
/// the two vocabularies mean the same. Plain numbers, no tensors.
///
/// Begin with [AlignedSpans], which cuts a text where both sides end a token, and [TokenAlignment], what a row
/// carries to the loss. [VocabularyAlignment] is about the vocabularies; [DynamicTimeWarping] and [NearestTokens] are
/// FuseLLM's alignment by least edit distance.
package dev.socratic.trainer.data.align;
