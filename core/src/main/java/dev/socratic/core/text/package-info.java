/// The border between whoever asks and whoever answers.
///
/// Begin with [dev.socratic.core.text.TextModel]. Requests and outcomes are plain records, so that a journal can keep them and a test can
/// compare them. Chat templates, retries, caches and prices are the business of the implementations.
package dev.socratic.core.text;
