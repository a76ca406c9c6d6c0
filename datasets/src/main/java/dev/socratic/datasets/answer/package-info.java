/// Final answers: taking them out of a model's text, and saying whether they are right.
///
/// Begin with [dev.socratic.datasets.answer.AnswerCheck], which does both.
/// [dev.socratic.datasets.answer.ReasoningSplit] cuts `<think>` blocks off;
/// [dev.socratic.datasets.answer.AnswerExtractor] finds the answer, by rules in an order of their own;
/// [dev.socratic.datasets.answer.Equivalence] compares it with the gold answer and says why.
///
/// Inside, an answer is cleaned (`Latex`), cut into tokens (`MathLexer`), read into a `MathTerm` (`Parser`) and
/// compared (`Comparison` for containers and relations, `Formulas` for values). What cannot be read is refused, never
/// guessed: a wrong answer that passes poisons a corpus, a right one that is refused only costs a sample. All work is
/// bounded (`Bounds`); there are no clocks, threads or signals in it.
///
/// To add a notation: a case in `MathLexer` or `Parser`, and cases of both verdicts in `EquivalenceTest`.
package dev.socratic.datasets.answer;
