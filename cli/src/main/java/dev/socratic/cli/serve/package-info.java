/// An OpenAI-compatible endpoint over models that write many answers side by side.
///
/// Begin with [dev.socratic.cli.serve.OpenAiServer]. `Front` takes every request in:
/// [dev.socratic.core.access.Gate] says who may ask, an address's handler (`ChatHandler`, `CompletionHandler`,
/// `PromptHandler`) checks what is asked, field by field
/// (`RequestFields`), and `Answering` sees it through: prompts are read on a few threads of their own, the one thread
/// of `Batcher` has the model, and answers come back through a `Mailbox`, so that no client's pace is the model's. An
/// `ServedRequest` is one request and its reply; `Clients` looks at all of them a few times a second and notices who
/// has gone, who is too slow. Several models stand side by side in `Desks`, each a `Desk` with its own `Batcher`;
/// `ServeMetrics` counts. Every bound is in `ServeLimits`; whatever goes wrong is an `ApiFailure`. What we do not
/// do is refused by name, never passed over.
package dev.socratic.cli.serve;
