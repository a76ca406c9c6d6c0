/// Benchmarks by name, so that every curation can be checked against all of them.
///
/// Begin with [dev.socratic.cli.benchmark.BenchmarkFolder]: a folder of the user's with the questions of each, read
/// once and kept.
package dev.socratic.cli.benchmark;
