/// Files of rows, read and written as a stream.
///
/// Begin with [dev.socratic.datasets.format.RowFiles]: it opens a file for reading or writing by its name
/// (`.jsonl`, `.json`, `.csv`, `.tsv`, `.parquet`, and `.gz` after the text formats). Rows are JSON objects
/// ([dev.socratic.datasets.format.Row] says where each one stood); what cannot be read goes to a
/// [dev.socratic.datasets.format.Quarantine] with file, line, reason and the beginning of the raw text, and the rest
/// goes on. Memory use does not grow with the file: a line longer than [dev.socratic.datasets.format.RowLimits] allows
/// is skipped, not read.
///
/// To add a format: a constant in [dev.socratic.datasets.format.Format], a reader, a writer, and one line in each
/// `switch` of `RowFiles`; `FormatLaws` runs over every constant.
package dev.socratic.datasets.format;
