/// What a run leaves besides weights: its [Card], which tells the student's [Lineage], and its figures ([RunSummary]);
/// [MetricsFile] reads the log back.
package dev.socratic.trainer.run.card;
