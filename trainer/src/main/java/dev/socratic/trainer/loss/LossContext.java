package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.socratic.trainer.objective.TokenPairing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a chunk of tokens is told besides its labels, `[tokens]` each: factors of its losses, and what other passes
/// over the micro-batch found.
///
/// A term's losses `l_i` are summed over the step's `N` loss tokens and divided by `N`. Factors turn that one mean into
/// the mean a term is defined by:
///
/// - over the chosen rows (`N_c` loss tokens): `chosenScale_i = N / N_c` on chosen rows, 0 on rejected ones, for
///   `1/N sum_i (N/N_c) l_i = 1/N_c sum_{i chosen} l_i`; `rejectedScale` the same with the sides swapped;
/// - of each answer's mean (`A` answers of `n_a` tokens on a side of `N_s`): `answerScales_i = N_s / (A n_a)`, for
///   `1/N_s sum_i N_s/(A n_a) l_i = 1/A sum_a (1/n_a) sum_{i in a} l_i`.
///
/// Example: a step of one pair, 4 loss tokens on the chosen row and 2 on the rejected one. `N = 6`, `N_c = 4`, so
/// `chosenScale = [1.5, 1.5, 1.5, 1.5, 0, 0]`: losses `[1, 1, 3, 3, 9, 9]` have the mean `12/6 = 2`, which is that of
/// the chosen row alone. With two chosen answers of 1 and 3 tokens `answerScales = [2, 2/3, 2/3, 2/3]`.
///
/// @param chosenScale      as above; empty where a step has no rejected rows, whose factor is 1 everywhere
/// @param rejectedScale    as above; empty likewise
/// @param answerScales     as above, by how tokens of two tokenizers find a partner: `n_a` counts those that have
///                         one; all the same where there is one tokenizer
/// @param sequenceGradient `dL / d log q(label_i)` of the losses over whole answers ([SequenceTerms])
/// @param skews            the skew of each token's answer, by number of the term, for terms with a curriculum
/// @param startLogits      logits of the reference model, `[tokens, vocab]`
/// @param teacherWeights   of each teacher on each token, by number of the term ([TeacherWeights])
/// @param drawn            factors of what the student drew
public record LossContext(
        Optional<NDArray> chosenScale, Optional<NDArray> rejectedScale, Map<TokenPairing, NDArray> answerScales,
        Optional<NDArray> sequenceGradient,
        Map<Integer, NDArray> skews, Optional<NDArray> startLogits,
        Map<Integer, List<NDArray>> teacherWeights, DrawnScales drawn) {
    /// Of rows that nobody drew.
    public LossContext(
            Optional<NDArray> chosenScale, Optional<NDArray> rejectedScale, Map<TokenPairing, NDArray> answerScales,
            Optional<NDArray> sequenceGradient, Map<Integer, NDArray> skews, Optional<NDArray> startLogits,
            Map<Integer, List<NDArray>> teacherWeights) {
        this(chosenScale, rejectedScale, answerScales, sequenceGradient, skews, startLogits, teacherWeights,
                DrawnScales.NONE);
    }

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
                                all -> all.getValue().stream().map(x -> x.get(part)).toList())), drawn.part(part));
    }

    private static <K> Map<K, NDArray> part(Map<K, NDArray> all, NDIndex part) {
        return all.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().get(part)));
    }

    public LossContext with(Map<TokenPairing, NDArray> perAnswer) {
        return new LossContext(chosenScale, rejectedScale, perAnswer, sequenceGradient, skews, startLogits,
                teacherWeights, drawn);
    }

    public LossContext with(NDArray startLogits) {
        return new LossContext(chosenScale, rejectedScale, answerScales, sequenceGradient, skews,
                Optional.of(startLogits), teacherWeights, drawn);
    }
}
