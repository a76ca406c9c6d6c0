/// What was written, resolved against two models: which ids and layers are compared, what each term weighs now, which
/// maps are learned, and why it cannot run. Begin with [dev.socratic.trainer.plan.Planner];
/// [dev.socratic.trainer.plan.Plan#explain] is the sum a loss is made of.
package dev.socratic.trainer.plan;
