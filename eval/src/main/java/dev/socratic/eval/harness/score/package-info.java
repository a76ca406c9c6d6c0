/// What becomes of answers: filters, figures of one document, figures of all, their standard errors; each as
/// lm-evaluation-harness 0.4.13 computes it.
///
/// Begin with [dev.socratic.eval.harness.score.DocScores].
package dev.socratic.eval.harness.score;
