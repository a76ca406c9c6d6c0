/// What a step is: it sees rows and says of each whether it stays, and if not why, with evidence.
///
/// Begin with [dev.socratic.curator.step.Step]. To add one: a record in [dev.socratic.curator.config.StepConfig], a
/// class that implements `Step`, a line in [dev.socratic.curator.Steps] (the compiler asks for it), and a subclass of
/// the contract suite `StepContract` in the tests.
package dev.socratic.curator.step;
