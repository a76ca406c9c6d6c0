/// What is asked. A task is data ([dev.socratic.eval.task.EvalTask]): a question source, a prompt, examples and the
/// draw. Scoring is exact match of the final answer ([dev.socratic.datasets.answer.AnswerCheck]), so a new task is a
/// few lines of a recipe and no code.
package dev.socratic.eval.task;
