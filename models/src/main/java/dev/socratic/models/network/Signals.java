package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/// What a forward pass hands out. The arrays belong to the manager of the ids.
///
/// @param states final hidden states after the last norm, `[batch, seq, hidden]`
/// @param taps   the rest of what was asked for
public record Signals(NDArray states, Map<Tap, NDArray> taps) {
    public Signals {
        taps = Map.copyOf(taps);
    }

    /// @throws IllegalArgumentException if it was not asked for
    public NDArray get(Tap tap) {
        NDArray array = taps.get(tap);
        if (array == null) {
            throw new IllegalArgumentException("tap %s was not asked for; asked for: %s".formatted(tap, taps.keySet()));
        }
        return array;
    }
}
