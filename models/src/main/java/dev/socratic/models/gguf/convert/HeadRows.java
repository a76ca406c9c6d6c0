package dev.socratic.models.gguf.convert;

/// Where a row of queries or keys lies in the format whose heads turn in neighbouring pairs.
///
/// @param dim rows of a head
record HeadRows(int dim) {
    /// Row `i` of the first half of a head, which turns with row `dim / 2 + i`, is row `2 i` there, its partner
    /// `2 i + 1`.
    long inGguf(long row) {
        long within = row % dim;
        int half = dim / 2;
        return row - within + (within < half ? 2 * within : 2 * (within - half) + 1);
    }

    /// @return the row of the folder that is this row of a GGUF
    long inFolder(long row) {
        long within = row % dim;
        return row - within + (within % 2 == 0 ? within / 2 : dim / 2 + within / 2);
    }
}
