/// Whether a program does what its tests say: right, wrong, or no answer to that, with the test that says so.
///
/// Begin with [dev.socratic.core.sandbox.check.CodeJudge].
package dev.socratic.core.sandbox.check;
