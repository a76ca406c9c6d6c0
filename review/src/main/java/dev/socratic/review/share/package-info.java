/// Rows and what people decided, as other tools write them.
///
/// [dev.socratic.review.share.RowExport] writes, [dev.socratic.review.share.ForeignRecords] reads what Argilla and
/// Label Studio export.
package dev.socratic.review.share;
