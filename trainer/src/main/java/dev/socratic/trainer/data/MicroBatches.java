package dev.socratic.trainer.data;

import dev.socratic.trainer.config.Packing;
import java.util.List;

/// Rows of a window to micro-batches.
public final class MicroBatches {
    private MicroBatches() {}

    /// @param rows        at least two tokens each
    /// @param microTokens most tokens of a micro-batch, those of padding included where there is any
    /// @param seed        of this window
    public static List<MicroBatch> of(Packing packing, List<TokenRow> rows, int microTokens, long seed) {
        return switch (packing) {
            case NONE -> LengthBuckets.of(rows, microTokens, seed);
            case BFD -> BestFitDecreasing.of(rows, microTokens, seed);
        };
    }
}
