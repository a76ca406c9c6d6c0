/// Programs that nobody vouches for, run where they can do no harm, without Docker.
///
/// Begin with [dev.socratic.core.sandbox.Sandbox]: opened once, it tries what the machine allows and says so
/// ([dev.socratic.core.sandbox.Isolation]); each run has new namespaces (mount, pid, net, ipc, uts, and user where we
/// are not root), a root folder made of the system's programs alone, limits, and no right left. What it does not hold
/// back stands in `docs/code.md`. Whether a program is *right* is `core.sandbox.check`.
///
/// To add a language: an entry in `languages.yaml`.
package dev.socratic.core.sandbox;
