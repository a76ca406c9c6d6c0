/// Duplicates, exact and near.
///
/// Begin with [dev.socratic.curator.duplicate.NearDuplicateIndex]: MinHash signatures cut into bands propose candidates
/// ([dev.socratic.curator.duplicate.Banding] says how many are missed), the true Jaccard similarity of the shingle
/// sets decides. Alike texts are joined to clusters by union-find, and of each cluster the best by a stated rule stays
/// ([dev.socratic.curator.config.KeptMember]); every dropped row names a row that stayed and is at least as alike as
/// the threshold says, unless the config asks for one row a cluster.
package dev.socratic.curator.duplicate;
