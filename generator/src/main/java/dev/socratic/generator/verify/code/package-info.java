/// Whether an answer that is a program does what the tests of its question say.
///
/// Begin with [dev.socratic.generator.verify.code.CodeChecker]; what it runs in is [dev.socratic.core.sandbox].
package dev.socratic.generator.verify.code;
