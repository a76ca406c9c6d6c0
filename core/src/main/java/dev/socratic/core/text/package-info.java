/// The border between whoever asks and whoever answers.
///
/// Begin with [dev.socratic.core.text.TextModel] (answers) and [dev.socratic.core.text.DistributionModel] (says what
/// it expects at every position of a text). Requests and outcomes are plain records, so that a journal can keep them
/// and a test can compare them. Chat templates, retries, caches and prices are the business of the implementations.
package dev.socratic.core.text;
