/// Evaluation questions that leaked into the training data, found and named.
///
/// Begin with [dev.socratic.curator.decontaminate.EvaluationIndex], the one Lucene index of the module;
/// `DecontaminateStep` says what its rules are and why.
package dev.socratic.curator.decontaminate;
