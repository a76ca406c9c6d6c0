package dev.socratic.datasets.format;

/// How much one row may take; a file from outside must not be able to fill the memory.
///
/// @param rowBytes longest row in bytes; a longer one is skipped and quarantined
public record RowLimits(int rowBytes) {
    /// 16 MiB: a long reasoning trace has some hundred thousand characters.
    public static final RowLimits DEFAULT = new RowLimits(16 << 20);

    public RowLimits {
        if (rowBytes < 1) {
            throw new IllegalArgumentException("row_bytes: at least 1; got %s".formatted(rowBytes));
        }
    }
}
