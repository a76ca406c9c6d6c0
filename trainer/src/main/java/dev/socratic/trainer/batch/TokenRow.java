package dev.socratic.trainer.batch;

import dev.socratic.trainer.align.Twin;
import java.util.Optional;

/// A row as the student reads it.
///
/// @param ids    its tokens
/// @param counts for each token, whether predicting it from those before it is part of the loss; never true for the first
/// @param twin   the same row as the teacher reads it, where its tokenizer is another
public record TokenRow(int[] ids, boolean[] counts, Optional<Twin> twin) {
    public TokenRow(int[] ids, boolean[] counts) {
        this(ids, counts, Optional.empty());
    }

    public TokenRow {
        if (ids.length != counts.length) {
            throw new IllegalArgumentException("ids and counts must be equally long; got %d and %d".formatted(ids.length, counts.length));
        }
    }

    /// @return input tokens: all but the last, from which nothing is predicted
    public int inputs() {
        return ids.length - 1;
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
    public TokenRow with(Twin other) {
        return new TokenRow(ids, counts, Optional.of(other));
    }
}
