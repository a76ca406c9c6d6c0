/// Files that are whole or absent. Begin with [dev.socratic.core.io.AtomicFiles]; [dev.socratic.core.io.IoProblems]
/// turns an `IOException` into the exception that says what to do; [dev.socratic.core.io.BoundedLines] reads lines of
/// files nobody has checked yet.
package dev.socratic.core.io;
