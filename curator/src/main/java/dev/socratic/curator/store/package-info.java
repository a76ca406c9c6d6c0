/// What a curation remembers of its rows: keys in memory, a few bytes a row however long its text is, and texts in
/// files.
///
/// Begin with [dev.socratic.curator.store.KeyTable]. A step that has to look at a text again keeps it in a
/// [dev.socratic.curator.store.TextStore] or a [dev.socratic.curator.store.LongsStore], never on the heap.
package dev.socratic.curator.store;
