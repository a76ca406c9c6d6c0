/// Which of the good rows a student sees.
///
/// Begin with [dev.socratic.curator.select.SelectStep], which chooses among the answers to one question. Choices among
/// all rows are a [dev.socratic.curator.select.Chooser] each, around which
/// [dev.socratic.curator.select.ChoiceStep] is the step; [dev.socratic.curator.select.RowChoices] lists them. Those
/// that compare rows do it by [dev.socratic.curator.select.TermVectors]. To add one: a record in
/// [dev.socratic.curator.config.SelectionConfig], its chooser, a line in `RowChoices`; `ChoiceLaws` runs over it.
package dev.socratic.curator.select;
