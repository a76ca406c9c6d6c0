package dev.socratic.datasets.format;

import dev.socratic.core.error.DataException;

/// The law of every reader: what a file holds, counted without reading it, is what was read or refused. A reader's
/// idea of where a row ends
/// may be wrong; then rows vanish that no count of the reader's own can miss.
final class Conserved {
    private Conserved() {}

    /// @param unit  what is counted: `lines`, `rows`
    /// @param there as many as there are
    /// @param taken as many as were read, refused, or known to be no rows
    /// @throws DataException if the two differ
    static void check(String file, String unit, long there, long taken) {
        if (there != taken) {
            throw new DataException(
                    file,
                    "%s %s, as a second count says".formatted(there, unit),
                    "%s read or refused".formatted(taken),
                    "report this with the file; as .jsonl it can be read meanwhile");
        }
    }
}
