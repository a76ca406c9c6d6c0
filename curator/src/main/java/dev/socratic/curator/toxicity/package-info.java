/// Insults, threats and hate in texts, found by lists of words.
///
/// Begin with [dev.socratic.curator.toxicity.ToxicityStep]; a list is a file of the resources `toxicity`, or one's
/// own.
package dev.socratic.curator.toxicity;
