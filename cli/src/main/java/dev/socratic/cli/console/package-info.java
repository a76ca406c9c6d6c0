/// What the user sees of a command: the only code that prints, exit codes, and exceptions as the one line that says
/// what to do.
///
/// Begin with [dev.socratic.cli.console.Console]; [dev.socratic.cli.console.Failures] turns what went wrong into words.
package dev.socratic.cli.console;
