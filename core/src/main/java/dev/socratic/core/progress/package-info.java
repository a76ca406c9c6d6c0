/// How far a stage is, in one line. [dev.socratic.core.progress.LineProgress] draws what a stage tells its
/// [dev.socratic.core.run.Progress].
package dev.socratic.core.progress;
