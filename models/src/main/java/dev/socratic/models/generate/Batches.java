package dev.socratic.models.generate;

import dev.socratic.core.text.Batching;
import dev.socratic.models.engine.Engines;

/// How many answers are written together, which, and in how much memory.
///
/// @param rows       answers under way at once
/// @param cacheBytes what keys and values may take where answers come and go. A fixed unit takes what it needs
public record Batches(Batching kind, int rows, long cacheBytes) {
    /// Units of a fixed number; an eighth of the memory for answers that come and go ([LocalModel#writing]).
    public static Batches fixed(int unit) {
        return of(Batching.FIXED, unit);
    }

    /// With an eighth of the memory.
    public static Batches of(Batching kind, int rows) {
        return new Batches(kind, rows, Engines.memory() / 8);
    }

    /// @return one line for whoever reads along
    String note() {
        return switch (kind) {
            case FIXED -> "batching: fixed, units of " + rows + "; the same unit gives the same bytes";
            case CONTINUOUS -> "batching: continuous, up to " + rows + " answers under way, keys and values in at most "
                    + (cacheBytes >> 20) + " MiB; what prompts share is read once; equal up to rounding";
        };
    }
}
