/// Who may ask a server of ours, whatever serves it.
///
/// Begin with [dev.socratic.core.access.Gate]: names, pages and keys that are known or refused.
/// [dev.socratic.core.access.Listener] takes the port, and says what is wrong with it.
package dev.socratic.core.access;
