/// libtorch without Python: programs are text, compiled when they are loaded.
///
/// Begin with [dev.socratic.models.engine.Program]; [dev.socratic.models.engine.Engines] gives the manager that everything starts from. No
/// other package knows how a call reaches the native side.
package dev.socratic.models.engine;
