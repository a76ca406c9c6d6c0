/// libtorch without Python: programs are text, compiled when they are loaded.
///
/// Begin with [dev.socratic.models.engine.Program]; [dev.socratic.models.engine.Engines] gives the manager that
/// everything starts from, and [dev.socratic.models.engine.Gradients] the pass back. No other package knows how a
/// call reaches the native side (a rule of `ArchitectureTest`).
package dev.socratic.models.engine;
