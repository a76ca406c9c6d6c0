/// An OpenAI-compatible endpoint over any [dev.socratic.core.text.TextModel].
///
/// Begin with [dev.socratic.cli.serve.OpenAiServer]. A request is read and checked by `ChatRequest`, waits in `Batcher` until it is
/// answered together with others, and is written by `ChatReply`. `PromptRequest` and `PromptHandler` say what the
/// model expects at every token of a prompt, on the same threads. What we do not do (tools, log probabilities of an answer, penalties) is refused
/// with a message, never passed over.
package dev.socratic.cli.serve;
