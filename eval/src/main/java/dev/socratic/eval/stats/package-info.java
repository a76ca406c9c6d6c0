/// Error bars. [dev.socratic.eval.stats.Interval] for one rate or mean, [dev.socratic.eval.stats.Paired] for two models on the same questions.
/// Pure arithmetic: no files, no models.
package dev.socratic.eval.stats;
