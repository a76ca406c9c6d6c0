/// What the command `size` prints: whether a training fits into a memory, and what to write where it does not. Begin
/// with [SizeReport]; shapes of models that nobody has yet are [KnownShape]'s. The formulas are
/// [dev.socratic.trainer.plan.memory]'s.
package dev.socratic.cli.size;
