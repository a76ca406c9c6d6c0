package dev.socratic.models.text;

/// A text as tokens, with the place of each in the text.
///
/// @param ids    token ids
/// @param starts first `char` of each token in the encoded Java string (UTF-16)
/// @param ends   the `char` after its last. Tokens that are pieces of one character all span that whole character.
public record Encoded(long[] ids, int[] starts, int[] ends) {
    public Encoded {
        if (ids.length != starts.length || ids.length != ends.length) {
            throw new IllegalArgumentException("one start and one end per id; got %s ids, %s starts, %s ends"
                    .formatted(ids.length, starts.length, ends.length));
        }
    }

    /// @return whether the token holds a character of `[from, to)`. Tokens at an edge reach beyond it: a blank before
    ///         the first word, the line's end that an added token with `rstrip` takes along.
    public boolean holds(int token, int from, int to) {
        return starts[token] < ends[token] && starts[token] < to && ends[token] > from;
    }

    public int size() {
        return ids.length;
    }
}
