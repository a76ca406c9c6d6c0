/// What a run leaves besides weights: [dev.socratic.trainer.output.Card], and [dev.socratic.trainer.output.Metrics], which reads the log back.
package dev.socratic.trainer.output;
