/// How a document is asked: fields, examples, prompt.
///
/// Begin with [dev.socratic.eval.harness.prompt.PromptBuilder].
package dev.socratic.eval.harness.prompt;
