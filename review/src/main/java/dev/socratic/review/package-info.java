/// The review page: what people see, find and decide of a corpus, and the JSON API behind it.
///
/// Begin with [dev.socratic.review.server.ReviewServer] over a [dev.socratic.review.corpus.Corpus]. Rows are read from
/// the files of a run as they come (`rows`), searched and counted (`index`), decided (`decide`); the files are never
/// changed, the index can be thrown away, and what people decide is one file that only grows.
package dev.socratic.review;
