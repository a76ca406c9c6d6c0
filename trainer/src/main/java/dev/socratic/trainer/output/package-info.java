/// What a run leaves besides weights: its [dev.socratic.trainer.output.Card], which tells the student's
/// [dev.socratic.trainer.output.Lineage], and its figures
/// ([dev.socratic.trainer.output.Ended]); [dev.socratic.trainer.output.Metrics] reads the log back.
package dev.socratic.trainer.output;
