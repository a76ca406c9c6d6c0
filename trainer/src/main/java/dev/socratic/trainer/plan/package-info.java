/// What was written, resolved against two models: which ids are compared, what each term weighs now, and why it cannot run.
/// Begin with [dev.socratic.trainer.plan.Planner].
package dev.socratic.trainer.plan;
