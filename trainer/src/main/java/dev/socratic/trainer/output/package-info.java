/// What a run leaves besides weights: its [dev.socratic.trainer.output.Card] and its figures
/// ([dev.socratic.trainer.output.Ended]); [dev.socratic.trainer.output.Metrics] reads the log back.
package dev.socratic.trainer.output;
