package dev.socratic.eval.harness.score;

import dev.socratic.core.error.Problem;
import dev.socratic.eval.harness.overlap.Bleu;
import dev.socratic.eval.harness.overlap.CharacterF;
import dev.socratic.eval.harness.overlap.EditRate;
import dev.socratic.eval.harness.overlap.Overlap;
import dev.socratic.eval.harness.task.TaskConfig.Metric;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// The metrics that a whole set has, by the name of their aggregation.
final class Overlaps {
    private static final Map<String, Overlap> ALL = Map.of("bleu", Bleu.STANDARD, "chrf", new CharacterF(0), "chrf++",
            new CharacterF(2), "ter", new EditRate());
    /// Draws of the bootstrap are no more than this, as there.
    static final int MOST_DRAWS = 100;

    private Overlaps() {}

    static Optional<Overlap> of(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /// @param values pairs of references and text
    static double score(Overlap overlap, List<SampleValue> values) {
        return overlap.of(values.stream().map(Overlaps::segment).toList());
    }

    /// @return the score of a draw of places; the texts are looked at once
    static ToDoubleFunction<int[]> statistic(Overlap overlap, List<SampleValue> values) {
        List<double[]> each = values.stream().map(value -> overlap.statistics(segment(value))).toList();
        return places -> {
            double[] sums = new double[each.getFirst().length];
            for (int place : places) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += each.get(place)[i];
                }
            }
            return overlap.score(sums);
        };
    }

    private static Overlap.Segment segment(SampleValue value) {
        if (value instanceof SampleValue.Pair pair) {
            return new Overlap.Segment(pair.written(), pair.references());
        }
        throw new dev.socratic.core.error.DataException("aggregation", "texts, for bleu, chrf, chrf++ and ter",
                value.getClass().getSimpleName(), "take the aggregation that belongs to the metric");
    }

    /// sacrebleu's own settings are what the harness takes, whatever stands beside the metric.
    static List<Problem> problems(Metric metric) {
        return metric.options().keySet().stream().map(key -> new Problem(metric.place(),
                "%s with sacrebleu's settings, which it alone has here".formatted(metric.name()), "'" + key + "'",
                "leave the key out")).toList();
    }
}
