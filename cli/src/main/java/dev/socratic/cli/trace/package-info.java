/// Where a row of a student's training came from, from its run's folder alone.
///
/// Begin with [dev.socratic.cli.trace.RowTrace]: what is told of a row. [dev.socratic.cli.trace.StudentRun] knows the
/// run around a student's folder, [dev.socratic.cli.trace.DataRow] finds the row, and
/// [dev.socratic.cli.trace.CurationTrace] says what curation did with it. At which steps it was learned from was
/// written while the student was trained ([dev.socratic.trainer.run.log.SeenRows]).
package dev.socratic.cli.trace;
