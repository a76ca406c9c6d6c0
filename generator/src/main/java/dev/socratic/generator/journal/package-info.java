/// What has been answered, on disk the moment it is known.
///
/// Begin with [dev.socratic.generator.journal.AnswerJournal]: one record a unit.
package dev.socratic.generator.journal;
