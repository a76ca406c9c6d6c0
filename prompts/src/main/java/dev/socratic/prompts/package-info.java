/// Prompts as files: what is asked, word for word, with a name, a version and a hash that go into every row.
///
/// Begin with [dev.socratic.prompts.PromptTemplate]: `builtin("chain_of_thought")` or `read(path)`, then
/// `messages(question, examples)`. How a template file is written stands in `docs/prompts.md` and, for developers, in
/// [dev.socratic.prompts.PromptTemplateReader]; the built-in ones lie beside this package in the resources. For
/// examples before the question there is [dev.socratic.prompts.FewShot].
///
/// To add a built-in prompt: a file in the resources and its name in [dev.socratic.prompts.PromptTemplate#names]; a
/// test compares the two. The user's text of `chain_of_thought`, `direct` and `socratic` is also the default of the
/// forms in `datasets.wordproblems.Form`, for the embedded teacher learns under it: change both, and train the
/// teacher again.
package dev.socratic.prompts;
