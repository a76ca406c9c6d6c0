/// What a corpus is about: clusters of rows with names, and a map in two dimensions.
///
/// Begin with [dev.socratic.curator.cluster.ClustersStep]. It reads rows as vectors, of an encoder or of the words
/// themselves ([dev.socratic.curator.cluster.TextSpace]), puts them into clusters
/// ([dev.socratic.curator.cluster.SphericalKMeans]), names those by their words
/// ([dev.socratic.curator.cluster.ClusterNames]) and lays them out ([dev.socratic.curator.cluster.NeighbourMap]).
/// Nothing is dropped.
package dev.socratic.curator.cluster;
