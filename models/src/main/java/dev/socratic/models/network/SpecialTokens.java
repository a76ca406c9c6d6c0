package dev.socratic.models.network;

import dev.socratic.core.error.DataException;
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

    /// @return what an empty context is: the BOS token, or the EOS token where there is none
    /// @throws DataException where there is neither
    public long prefix() {
        return bos.orElseGet(() -> eos.stream().findFirst().orElseThrow(() -> new DataException(
                "context", "text, or a model with a BOS or EOS token to begin with", "neither",
                "give each continuation a context")));
    }
}
