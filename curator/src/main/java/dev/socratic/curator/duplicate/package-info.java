/// Duplicates, exact and near.
///
/// Begin with [dev.socratic.curator.duplicate.NearDuplicateIndex]: MinHash signatures cut into bands propose candidates
/// ([dev.socratic.curator.duplicate.Banding] says how many are missed), the true Jaccard similarity of the shingle
/// sets decides. The first row of each group of duplicates stays, and every dropped row names a row that stayed and
/// is at least as alike as the threshold says: there are no chains, so a row is never dropped for being like a row
/// that is like another.
package dev.socratic.curator.duplicate;
