/// Error bars. Begin with [dev.socratic.eval.stats.Mean] (one score a question, questions in clusters) and
/// [dev.socratic.eval.stats.Paired] (two models on the same questions). Several answers a question:
/// [dev.socratic.eval.stats.PassAtK], [dev.socratic.eval.stats.VarianceSplit]. Before asking:
/// [dev.socratic.eval.stats.Power]; while asking: [dev.socratic.eval.stats.ConfidenceSequence]; many tests:
/// [dev.socratic.eval.stats.Correction]; what has no formula: [dev.socratic.eval.stats.Bootstrap]. Pure arithmetic: no
/// files, no models. All intervals are two-sided, 95 %. Distributions are those of Apache Commons Statistics.
package dev.socratic.eval.stats;
