package dev.socratic.trainer.batch;

/// A row as the student reads it.
///
/// @param ids    its tokens
/// @param counts for each token, whether predicting it from those before it is part of the loss; never true for the first
public record TokenRow(int[] ids, boolean[] counts) {
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
}
