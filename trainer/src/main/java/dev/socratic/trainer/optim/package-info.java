/// Optimisers: [Optimizer], which clips and steps by the rule of a config
/// ([dev.socratic.trainer.config.OptimizerMethod]). The formulas are in `programs/optimizer.txt`, what each of them
/// remembers of a weight in [UpdateRule]. [Ema] averages weights, [AveragedWeights] puts averages in their place.
/// Schedules of the learning rate are [dev.socratic.trainer.config.Decay] and [dev.socratic.trainer.config.Warmup].
package dev.socratic.trainer.optim;
