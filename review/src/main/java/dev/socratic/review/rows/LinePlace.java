package dev.socratic.review.rows;

/// Where a line of text lies, so that it is read again by its place alone.
///
/// @param file   number among the open files
/// @param offset of its first byte
/// @param length in bytes, without its end
public record LinePlace(int file, long offset, int length) {
    public static final LinePlace NONE = new LinePlace(-1, 0, 0);
}
