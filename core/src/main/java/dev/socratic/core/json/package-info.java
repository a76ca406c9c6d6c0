/// JSON and content hashes, the same for every file of ours.
///
/// Begin with [dev.socratic.core.json.Json]: one mapper, one canonical form. [dev.socratic.core.json.Hashes] gives
/// the SHA-256 that ids, cache keys and manifests are made of.
package dev.socratic.core.json;
