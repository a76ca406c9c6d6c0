package dev.socratic.models.network;

import java.util.List;
import java.util.OptionalLong;

/// Ids a model gives a meaning of its own.
///
/// @param bos begins a text; empty if texts begin without one
/// @param eos each of them ends an answer
/// @param pad fills up a batch
public record SpecialTokens(OptionalLong bos, List<Long> eos, OptionalLong pad) {
    public SpecialTokens {
        eos = List.copyOf(eos);
    }

    public static SpecialTokens none() {
        return new SpecialTokens(OptionalLong.empty(), List.of(), OptionalLong.empty());
    }
}
