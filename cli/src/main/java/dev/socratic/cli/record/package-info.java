/// A proxy in front of any OpenAI-compatible endpoint that records what passes; for users: `docs/capture.md`.
///
/// Begin with [dev.socratic.cli.record.RecordProxy]: the front of `cli.serve` takes requests in, `PassOn` puts one on
/// record, hands it to the endpoint and the answer to the client as it comes, and puts that on record too.
/// `PassedHeaders` says which headers go on, which are kept, and which hold keys: those never reach a file. What is
/// recorded is a [dev.socratic.generator.traffic.TrafficJournal].
package dev.socratic.cli.record;
