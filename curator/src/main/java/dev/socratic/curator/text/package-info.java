/// Text as the steps compare it: words, numbers, shingles.
///
/// Begin with [dev.socratic.curator.text.Words], which says what a word is; everything that compares texts (shingles,
/// n-grams, the Lucene index) goes through it, so that two steps never disagree about what is equal.
package dev.socratic.curator.text;
