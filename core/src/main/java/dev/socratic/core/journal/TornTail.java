package dev.socratic.core.journal;

import java.nio.file.Path;

/// A record that was being written when the process or the machine stopped, and was cut off.
///
/// @param file   the segment
/// @param offset where it began
/// @param bytes  how much of it was there
public record TornTail(Path file, long offset, long bytes) {
    /// @return one line for the log
    @Override
    public String toString() {
        return "%s: cut off %s bytes at byte %s of a record that was being written when the last run stopped".formatted(
                file, bytes, offset);
    }
}
