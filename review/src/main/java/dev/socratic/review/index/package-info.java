/// The search over the rows, by Lucene.
///
/// Begin with [dev.socratic.review.index.RowSearch]. [dev.socratic.review.index.RowIndex] holds what is made of files,
/// [dev.socratic.review.index.People] what people said, which is never written into the index; `RowQueries` reads what
/// is written into the search box. One more field to filter by is a name in `RowDocument.NAMES` and its value in
/// [dev.socratic.review.rows.RowReading].
package dev.socratic.review.index;
