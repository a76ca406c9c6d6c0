package dev.socratic.trainer.data.align;

/// Places of successive tokens in a text both sides share.
///
/// @param starts first character of each token
/// @param ends   the character after its last; tokens that are pieces of one character all span that whole character
public record TokenOffsets(int[] starts, int[] ends) {
    public TokenOffsets {
        if (starts.length != ends.length) {
            throw new IllegalArgumentException(
                    "one start and one end per token; got %s and %s".formatted(starts.length, ends.length));
        }
    }

    int size() {
        return ends.length;
    }

    /// @return whether the text may be cut behind token `i`: not where the next one holds the rest of the same
    ///         character, or nothing of its own
    boolean boundary(int i) {
        return i == size() - 1 || starts[i + 1] >= ends[i] && ends[i + 1] > ends[i];
    }
}
