package dev.socratic.models.network;

import dev.socratic.models.engine.FloatType;

/// How many positions rows of a KV cache have room for, and what that takes.
///
/// Rows of about the same length lie side by side and are read to the end of their room, so there are only some lengths
/// of room, *classes*: multiples of 64 up to 256, from there on four to each doubling. A row wastes a fifth of its room
/// at most, from 256 positions on.
///
/// @param context longest row there is
/// @param full    layers that see everything before
/// @param near    layers with a window
/// @param window  of those
/// @param place   bytes of one position of one layer, keys and values
record CacheSizes(int context, int full, int near, int window, long place) {
    private static final int STEP = 64;
    /// By how many positions a row can be set back at least: layers with a window hold so many more than they see.
    static final int SLACK = STEP;

    static CacheSizes of(ModelConfig config, FloatType type) {
        int near = (int) config.pattern().stream().filter(layer -> layer.window() > 0).count();
        long each = 2L * type.bytes() * config.attention().kvHeads() * config.attention().dim();
        return new CacheSizes(config.context(), config.layers() - near, near, config.window(), each);
    }

    /// @return positions of the smallest class that holds so many
    int capacity(int length) {
        int step = Math.max(STEP, Integer.highestOneBit(Math.max(1, length - 1)) / 4);
        return Math.min(context, (length + step - 1) / step * step);
    }

    /// Positions that a layer with a window keeps at most. Some more than it sees, so that a row can be set back by
    /// that many.
    int ring() {
        return (window + STEP - 1) / STEP * STEP + SLACK;
    }

    /// Whether a row of some length still holds all that its first tokens saw: its layers with a window have not
    /// written over it.
    boolean holds(int length, int tokens) {
        return near == 0 || length <= ring() || length - tokens <= ring() - window;
    }

    /// @return of one row
    long bytes(int capacity) {
        return place * ((long) full * capacity + (long) near * Math.min(capacity, ring()));
    }
}
