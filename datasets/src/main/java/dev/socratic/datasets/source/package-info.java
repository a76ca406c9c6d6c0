/// Where questions and training text come from: two families of configs that open themselves.
///
/// Begin with [dev.socratic.datasets.source.QuestionSource] (what to ask a teacher) and
/// [dev.socratic.datasets.source.ExampleSource] (what a student learns from). A file is read by a
/// [dev.socratic.datasets.source.Layout] (how GSM8K, Alpaca, ShareGPT, `messages` name things) or by a mapping of
/// fields to [dev.socratic.datasets.source.FieldPath]s. A row that does not fit goes to the quarantine with file,
/// line and reason.
///
/// To add a layout: a constant in `Layout` and a case in the `switch`es of `QuestionLayouts` and `ExampleLayouts`;
/// the compiler names both.
package dev.socratic.datasets.source;
