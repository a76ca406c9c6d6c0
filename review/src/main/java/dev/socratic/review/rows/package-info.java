/// Where rows come from: files that may still grow, read line by line and read again by their place.
///
/// Begin with [dev.socratic.review.rows.ReviewFiles]: which files a review is of. A [dev.socratic.review.rows.RowFeed]
/// joins the files of one stage, a `TailedFile` follows one of them, and [dev.socratic.review.rows.RowReading] takes a
/// row apart.
package dev.socratic.review.rows;
