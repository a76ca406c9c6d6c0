/// libtorch without Python: programs are text, compiled when they are loaded.
///
/// Begin with [dev.socratic.models.engine.Compute]: the device and the number types, opened once by the command line,
/// an argument of whoever makes an array; its manager is where everything starts from.
/// [dev.socratic.models.engine.Program] runs a text there, and [dev.socratic.models.engine.Gradients] is the pass back.
/// No other package knows how a call reaches the native side (a rule of `ArchitectureTest`).
///
/// What is loaded, and why: [dev.socratic.models.engine.Libtorch] (environment, class path), then
/// [dev.socratic.models.engine.NvidiaDriver], then [dev.socratic.models.engine.DeviceChoice]. Another kind of device
/// begins in [dev.socratic.models.engine.DeviceRequest].
package dev.socratic.models.engine;
