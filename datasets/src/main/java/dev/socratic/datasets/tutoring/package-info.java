/// A tutor's dialogue held to its question, without a judge: does it give the answer away, does it ask, does it lead
/// through the steps that a solution takes.
///
/// Begin with [dev.socratic.datasets.tutoring.AnswerLeak]; what a question's solution asks on the way is
/// [dev.socratic.datasets.tutoring.SubQuestions], and how much of it a tutor asks
/// [dev.socratic.datasets.tutoring.Coverage].
package dev.socratic.datasets.tutoring;
