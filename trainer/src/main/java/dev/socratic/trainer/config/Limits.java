package dev.socratic.trainer.config;

/// Range checks that several configs share; the reader puts the place before what they say.
public final class Limits {
    private Limits() {}

    /// @throws IllegalArgumentException if `value` is below `least`
    public static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException("%s must be at least %s; got %s".formatted(name, least, value));
        }
    }

    /// @throws IllegalArgumentException if `value` is no share
    public static void share(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("%s must be from 0 to 1; got %s; 0.05 is 5 %%".formatted(name, value));
        }
    }

    /// @throws IllegalArgumentException if the longest row is too short to predict anything, or does not fit into a
    ///         micro-batch
    public static void rows(int maxSeq, int microTokens) {
        atLeast("max_seq", maxSeq, 2);
        if (microTokens < maxSeq) {
            throw new IllegalArgumentException(
                    ("micro_tokens must hold at least one row of max_seq; got %s for max_seq %s; write %s or "
                            + "more, or a smaller max_seq")
                            .formatted(microTokens, maxSeq, maxSeq));
        }
    }
}
