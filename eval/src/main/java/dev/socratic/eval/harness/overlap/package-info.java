/// How far a text agrees with references: BLEU, chrF and TER over a whole set, number for number those of sacrebleu
/// 2.6, and ROUGE, those of rouge_score 0.1.2.
///
/// Begin with [dev.socratic.eval.harness.overlap.Bleu].
package dev.socratic.eval.harness.overlap;
