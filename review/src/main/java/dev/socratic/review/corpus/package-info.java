/// A corpus, open for review.
///
/// Begin with [dev.socratic.review.corpus.Corpus], which reads rows into the index while others search;
/// [dev.socratic.review.corpus.RowDetails] is everything of one row.
package dev.socratic.review.corpus;
