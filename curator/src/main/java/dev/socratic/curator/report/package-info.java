/// What a curation did, for people: a page with counts, reasons, examples, edits, histograms, licences and sources,
/// and of one row all that was measured and decided.
///
/// Begin with [dev.socratic.curator.report.CurationLog], which hears of every row, and
/// [dev.socratic.curator.report.RowExplanation].
package dev.socratic.curator.report;
