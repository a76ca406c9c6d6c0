/// What is asked: questions times samples, in a fixed order, each request with an id and a seed that depend on
/// nothing but its content.
///
/// Begin with [dev.socratic.generator.plan.RequestPlan].
package dev.socratic.generator.plan;
