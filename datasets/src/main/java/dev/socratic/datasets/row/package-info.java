/// The rows that stages hand to each other, and their JSON.
///
/// Begin with [dev.socratic.datasets.row.Question] (what to ask) and [dev.socratic.datasets.row.Trace] (one answer,
/// with where it came from). [dev.socratic.datasets.row.RowMapper] turns both into JSON objects and back, keeping
/// fields we do not know; [dev.socratic.datasets.row.RowIds] gives them ids that are hashes of their content.
///
/// To add a field: add the record component, one line in each of the two directions of `RowMapper`, and the field to
/// the laws in `RowsLaws`.
package dev.socratic.datasets.row;
