package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.socratic.trainer.objective.TokenPairing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What tokens are besides their labels, `[tokens]` each.
///
/// @param chosenScale      factor on given rows that makes the mean over the step's tokens one over its given tokens,
///                         0 on second rows; empty where all rows are given
/// @param rejectedScale    the same of second rows
/// @param answerScales     what makes a mean over a side's tokens the mean of each answer's mean over those that have
///                         a partner, by how tokens of two tokenizers find one; all the same, over all tokens, where
///                         there is one tokenizer
/// @param sequenceGradient of whole answers' losses in the log probability of the label
/// @param skews            of terms whose skew differs by answer, by number of the term
/// @param startLogits      logits of the student's start, `[tokens, vocab]`
/// @param teacherWeights   how much each teacher counts, by number of the term; of terms that know it before the
///                         chunks
public record LossContext(
        Optional<NDArray> chosenScale, Optional<NDArray> rejectedScale, Map<TokenPairing, NDArray> answerScales,
        Optional<NDArray> sequenceGradient,
        Map<Integer, NDArray> skews, Optional<NDArray> startLogits,
        Map<Integer, List<NDArray>> teacherWeights) {
    public static final LossContext NONE = new LossContext(Optional.empty(), Optional.empty(), Map.of(),
            Optional.empty(), Map.of(),
            Optional.empty(), Map.of());

    public LossContext slice(long from, long to) {
        NDIndex part = new NDIndex("{}:{}", from, to);
        return new LossContext(
                chosenScale.map(x -> x.get(part)), rejectedScale.map(x -> x.get(part)), part(answerScales, part),
                sequenceGradient.map(x -> x.get(part)),
                part(skews, part), Optional.empty(),
                teacherWeights.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey,
                                all -> all.getValue().stream().map(x -> x.get(part)).toList())));
    }

    private static <K> Map<K, NDArray> part(Map<K, NDArray> all, NDIndex part) {
        return all.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().get(part)));
    }

    public LossContext with(Map<TokenPairing, NDArray> perAnswer) {
        return new LossContext(chosenScale, rejectedScale, perAnswer, sequenceGradient, skews, startLogits,
                teacherWeights);
    }

    public LossContext with(NDArray startLogits) {
        return new LossContext(chosenScale, rejectedScale, answerScales, sequenceGradient, skews,
                Optional.of(startLogits), teacherWeights);
    }
}
