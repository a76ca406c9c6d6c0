package dev.socratic.trainer.data;


import java.util.List;
import java.util.Optional;

/// A row as the student reads it; or two, a preferred answer and the other one, which are never parted.
///
/// @param ids    its tokens
/// @param counts for each token, whether predicting it from those before it is part of the loss; never true for the
///               first
/// @param twin   the same row as the teacher reads it, where its tokenizer is another
/// @param other   the second answer to the same prompt: rejected, or the student's own
/// @param drawn   log probability of each counting token when it was drawn, where the student has moved on since
/// @param teacher number of the teacher its tag names, where rows have tags
public record TokenRow(int[] ids, boolean[] counts, Optional<TeacherRow> twin, Optional<TokenRow> other,
        Optional<float[]> drawn, int teacher) {
    public TokenRow(int[] ids, boolean[] counts, Optional<TeacherRow> twin, Optional<TokenRow> other) {
        this(ids, counts, twin, other, Optional.empty(), 0);
    }

    public TokenRow(int[] ids, boolean[] counts, Optional<TeacherRow> twin) {
        this(ids, counts, twin, Optional.empty());
    }

    public TokenRow {
        if (ids.length != counts.length) {
            throw new IllegalArgumentException(
                    "ids and counts must be equally long; got %s and %s".formatted(ids.length, counts.length));
        }
    }

    public TokenRow(int[] ids, boolean[] counts) {
        this(ids, counts, Optional.empty(), Optional.empty());
    }

    /// @return the same row with another answer beside it
    public TokenRow with(TokenRow second) {
        return new TokenRow(ids, counts, twin, Optional.of(second), drawn, teacher);
    }

    /// @return the same row drawn by these log probabilities
    public TokenRow drawn(Optional<float[]> logs) {
        return new TokenRow(ids, counts, twin, other, logs, teacher);
    }

    /// @return the same row, or both, for another teacher
    public TokenRow of(int number) {
        return new TokenRow(ids, counts, twin, other.map(second -> second.of(number)), drawn, number);
    }

    /// @return the same row without the one beside it
    TokenRow alone() {
        return new TokenRow(ids, counts, twin, Optional.empty(), drawn, teacher);
    }

    /// @return this row, and the one beside it
    public List<TokenRow> all() {
        return other.map(second -> List.of(this, second)).orElseGet(() -> List.of(this));
    }

    /// @return input tokens: all but the last, from which nothing is predicted; of two rows, the longer one's
    public int inputs() {
        return Math.max(ids.length - 1, other.map(TokenRow::inputs).orElse(0));
    }

    /// @return the first token that is part of the loss, before which the prompt ends; the number of tokens where
    ///         none is
    public int first() {
        int i = 0;
        while (i < counts.length && !counts[i]) {
            i++;
        }
        return i;
    }

    /// @return how many of its tokens are part of the loss
    public int counting() {
        int n = 0;
        for (boolean each : counts) {
            n += each ? 1 : 0;
        }
        return n;
    }

    /// @return this row with another reading beside it
    public TokenRow with(TeacherRow reading) {
        return new TokenRow(ids, counts, Optional.of(reading), other, drawn, teacher);
    }
}
