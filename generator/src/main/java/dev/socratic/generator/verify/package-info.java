/// What is wrong with an answer.
///
/// Begin with [dev.socratic.generator.verify.Verifier], which makes a [dev.socratic.datasets.row.Trace] with its
/// verdicts out of what the teacher wrote. To add a check: a constant in [dev.socratic.generator.verify.Check], in
/// its place in the order; the compiler names the `switch` that has to know it.
package dev.socratic.generator.verify;
