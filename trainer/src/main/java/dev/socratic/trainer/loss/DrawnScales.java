package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.socratic.trainer.objective.TokenWeight;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Factors of the losses on tokens that the student drew, `[tokens]` each, without gradient.
///
/// @param importance of text that was written some updates ago, `min(q_now / q_then, cap)`; empty where nothing is
///                   corrected
/// @param rewards    what verified reward makes of a token, by how a term asks for it
public record DrawnScales(Optional<NDArray> importance, Map<TokenWeight.Reward, NDArray> rewards) {
    public static final DrawnScales NONE = new DrawnScales(Optional.empty(), Map.of());

    public DrawnScales {
        rewards = Map.copyOf(rewards);
    }

    DrawnScales part(NDIndex part) {
        return new DrawnScales(importance.map(x -> x.get(part)), rewards.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().get(part))));
    }
}
