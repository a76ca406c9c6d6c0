/// Steps that score rows: what a local model makes of them, how often their question was answered rightly.
///
/// Begin with [dev.socratic.curator.score.PerplexityStep]. Whatever asks local weights does it by a
/// [dev.socratic.curator.score.RowScorer], in units, and keeps what comes in a [dev.socratic.curator.score.ScoreBook]
/// of the run folder: another limit scores nothing again. Limits, absolute or by percentile, are a
/// [dev.socratic.curator.score.Cutoffs]. To add a score: a record in [dev.socratic.curator.config.ScoreConfig], its
/// class here, a line in [dev.socratic.curator.Steps].
package dev.socratic.curator.score;
