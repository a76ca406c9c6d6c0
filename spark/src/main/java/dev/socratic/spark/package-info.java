/// A curation of more rows than one machine takes: a Spark job over the steps of `curator`.
///
/// Begin with [dev.socratic.spark.SparkCuration]. Steps are not written again: a task runs the classes of a single
/// machine, and a step that compares rows is given those rows in one task ([dev.socratic.spark.Meetings]); which rows
/// `near_duplicates` has to be given together says [dev.socratic.spark.NearGroups]. Nothing else depends on this
/// module, and it is built only with `mvn -Pspark` (docs/adr/0012).
package dev.socratic.spark;
