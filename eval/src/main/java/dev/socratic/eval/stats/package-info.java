/// Error bars. Begin with [dev.socratic.eval.stats.Interval] for one rate or mean; [dev.socratic.eval.stats.Paired]
/// is for two models on the same questions. Pure arithmetic: no files, no models. All intervals are two-sided, 95 %;
/// what is a sample of questions is taken to be drawn independently, so questions that share a text or a story make
/// every interval here too narrow.
package dev.socratic.eval.stats;
