package dev.socratic.eval;

import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.eval.stats.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/// Multiple choice without writing anything: the choice whose text is likeliest behind the question. Named `acc` and
/// `acc_norm` as in lm-evaluation-harness: by the sum of log probabilities, and by that sum over the characters of the
/// choice's text, so that long choices are not worse for being long. Of equal ones the first.
public final class ChoiceScoring {
    /// Questions scored at once: their shared beginnings are read once.
    private static final int TOGETHER = 64;

    private ChoiceScoring() {}

    /// @param id      of the question
    /// @param context all that stands before a choice
    /// @param choices what is chosen from, at least two
    /// @param gold    index of the right one
    public record Item(String id, String context, Choices choices, int gold) {}

    /// @param item     what was asked
    /// @param scores   of each choice's text behind a blank, in their order
    /// @param chosen   index of the likeliest
    /// @param byLength index of the likeliest for its length
    public record Scored(Item item, List<ContinuationScore> scores, int chosen, int byLength) {
        public Scored {
            scores = List.copyOf(scores);
        }
    }

    /// @param model one that scores
    public static List<Scored> of(List<Item> items, TextModel model) {
        List<Scored> all = new ArrayList<>();
        for (int from = 0; from < items.size(); from += TOGETHER) {
            List<Item> some = items.subList(from, Math.min(items.size(), from + TOGETHER));
            List<ContinuationScore> scores = model.score(some.stream().flatMap(item -> item.choices().all().stream()
                    .map(choice -> new ScoreRequest(item.context(), " " + choice.text()))).toList());
            int at = 0;
            for (Item item : some) {
                List<ContinuationScore> own = scores.subList(at, at += item.choices().all().size());
                all.add(new Scored(item, own, best(item, own, (score, length) -> score.logProbability()),
                        best(item, own, (score, length) -> score.logProbability() / length)));
            }
        }
        return all;
    }

    private static int best(Item item, List<ContinuationScore> scores,
            ToDoubleBiFunction<ContinuationScore, Integer> value) {
        return IntStream.range(0, scores.size()).boxed().max(Comparator.<Integer>comparingDouble(i ->
                value.applyAsDouble(scores.get(i), Math.max(1, item.choices().all().get(i).text().length())))
                .thenComparing(Comparator.reverseOrder())).orElseThrow();
    }

    /// @return how many were right by the sum
    public static long right(List<Scored> all) {
        return all.stream().filter(one -> one.chosen() == one.item().gold()).count();
    }

    /// @return how many were right by the sum over the length
    public static long rightByLength(List<Scored> all) {
        return all.stream().filter(one -> one.byLength() == one.item().gold()).count();
    }

    /// @return 95 % interval of a share of right ones
    public static Interval ci95(long right, List<Scored> all) {
        return Interval.wilson(right, all.size());
    }
}
