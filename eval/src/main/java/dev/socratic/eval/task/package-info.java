/// What is asked. A task is data: a question source, a prompt and the draw; scoring is exact match of the final answer
/// ([dev.socratic.datasets.answer.Equivalence]).
package dev.socratic.eval.task;
