/// Repairs texts that a careless export damaged: letters decoded by the wrong table, remnants of web pages, characters
/// nobody sees, line ends. A text that is fine stays equal to the last byte.
///
/// Begin with [dev.socratic.curator.repair.TextRepair]; the step is [dev.socratic.curator.repair.RepairStep].
package dev.socratic.curator.repair;
