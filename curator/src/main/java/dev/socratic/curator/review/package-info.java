/// What people decided of rows, as it is kept and honoured.
///
/// Begin with [dev.socratic.curator.review.ReviewAction]: a line of `review/decisions.jsonl`, which the review page
/// appends and nothing ever changes. [dev.socratic.curator.review.ReviewLog] reads them,
/// [dev.socratic.curator.review.RowOpinions] is what all reviewers say of one row, and
/// [dev.socratic.curator.review.ReviewStep] makes a curation honour it.
package dev.socratic.curator.review;
