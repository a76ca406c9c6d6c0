/// Java equivalents of functions of Python that tasks of lm-evaluation-harness name (`!function`), by the folder of the
/// task and the function's name: `hellaswag/utils.process_docs`.
///
/// Begin with [dev.socratic.eval.harness.function.Equivalents]; to add one, write it and put it into the map there.
package dev.socratic.eval.harness.function;
