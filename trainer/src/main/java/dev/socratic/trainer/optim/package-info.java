/// Optimisers: [AdamW], which clips and steps. Schedules of the learning rate are [dev.socratic.trainer.config.Decay]
/// and [dev.socratic.trainer.config.Warmup].
package dev.socratic.trainer.optim;
