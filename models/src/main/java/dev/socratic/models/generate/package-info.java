/// Text from local weights: batched generation with a cache, streaming, scores of given continuations, and what is
/// expected at every position.
///
/// Begin with [dev.socratic.models.generate.LocalModel]. A `PromptReader` renders messages and tokenizes; each request
/// is an `Answer`; a `Scheduler` lets answers join and leave the running `Batch`, within the memory that the KV cache
/// may take, and keeps what was read for prompts that begin alike; tokens are drawn inside the decoder's program,
/// several at a time. A unit of requests runs to its end; where answers come and go, as in a server,
/// [dev.socratic.models.generate.Writing] lets them join and leave and a [dev.socratic.models.generate.Watcher] read
/// along.
package dev.socratic.models.generate;
