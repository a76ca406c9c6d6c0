/// What applications asked and were answered, kept on one's own machine, and made into training rows; for users:
/// `docs/capture.md`.
///
/// Begin with [dev.socratic.generator.traffic.TrafficJournal], which the recording proxy of `cli` appends to, and
/// [dev.socratic.generator.traffic.CapturedCall], which everything is read as: the journal by
/// [dev.socratic.generator.traffic.RecordedTraffic], logs and exports of others by
/// [dev.socratic.generator.traffic.ImportedTraffic]. [dev.socratic.generator.traffic.TrafficFilter] chooses,
/// [dev.socratic.generator.traffic.TrafficRows] makes rows and counts what became of every call.
///
/// To add an API whose calls are read, add a constant of `CallForm`, and its streams in `CallStream`; to add a log or
/// an export of others, a constant of `ExportForm`.
package dev.socratic.generator.traffic;
