package dev.socratic.curator.score;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.ScoreLimits;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Threshold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Limits on one score, and what came of them: percentiles become numbers once all scores are known. Memory: 8 bytes a
/// row.
public final class Cutoffs {
    private static final int PERCENT = 100;

    private final String step;
    private final String score;
    private final ScoreLimits limits;
    private final TreeMap<String, Long> unscored = new TreeMap<>();
    private double[] values = new double[64];
    private int size;
    private Optional<Threshold> least = Optional.empty();
    private Optional<Threshold> most = Optional.empty();

    /// @param step  its name, for reasons: `low_ifd`, `high_ifd`
    /// @param score the limits are on
    public Cutoffs(String step, String score, ScoreLimits limits) {
        this.step = step;
        this.score = score;
        this.limits = limits;
    }

    /// Sees a score.
    public void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    /// Sees a row without one.
    ///
    /// @param why in snake case
    public void addUnscored(String why) {
        unscored.merge(why, 1L, Long::sum);
    }

    /// All scores are known.
    public void close() {
        Arrays.sort(values, 0, size);
        least = limit(limits.min(), limits.minPercentile())
                .map(limit -> Threshold.least(score, limit, "low_" + step));
        most = limit(limits.max(), limits.maxPercentile()).map(limit -> Threshold.most(score, limit, "high_" + step));
    }

    private Optional<Double> limit(Optional<Double> absolute, Optional<Double> percentile) {
        return absolute.or(() -> size == 0 ? Optional.empty() : percentile.map(this::percentile));
    }

    /// Linear between the two nearest; the scores are sorted.
    double percentile(double percent) {
        double place = percent / PERCENT * (size - 1);
        int below = (int) Math.floor(place);
        double part = place - below;
        return part == 0 ? values[below] : values[below] + part * (values[below + 1] - values[below]);
    }

    public List<Threshold> thresholds() {
        List<Threshold> all = new ArrayList<>();
        least.ifPresent(all::add);
        most.ifPresent(all::add);
        return all;
    }

    /// @param scores of the row, the one with limits among them
    public Decision judge(RowScores scores) {
        double value = scores.values().get(score);
        for (Threshold threshold : thresholds()) {
            if (!threshold.holds(value)) {
                return new Decision.Drop(threshold.reason(), evidence(threshold, value), scores);
            }
        }
        return new Decision.Keep(scores);
    }

    private ObjectNode evidence(Threshold threshold, double value) {
        ObjectNode evidence = threshold.json();
        evidence.remove("reason");
        Optional<Double> percentile = threshold.bound() == Threshold.Bound.LEAST
                ? limits.minPercentile() : limits.maxPercentile();
        percentile.ifPresent(percent -> evidence.put("percentile", percent));
        return evidence.put("value", value);
    }

    /// @param why    there is no score
    /// @param scores that say so
    public Decision judgeUnscored(String why, RowScores scores) {
        return switch (limits.unscored()) {
            case KEEP -> new Decision.Keep(scores);
            case DROP -> new Decision.Drop(why, JsonNodeFactory.instance.objectNode().put("score", score)
                    .put("unscored", why), scores);
        };
    }

    /// Adds how many rows have a score, why others have none, and how the scores lie.
    public ObjectNode tell(ObjectNode facts) {
        facts.put("scored", size);
        if (!unscored.isEmpty()) {
            unscored.forEach(facts.putObject("unscored")::put);
        }
        if (size > 0) {
            ObjectNode spread = facts.putObject(score);
            for (int percent : new int[] {0, 10, 25, 50, 75, 90, 100}) {
                spread.put("p" + percent, Math.round(percentile(percent) * 1e6) / 1e6);
            }
        }
        return facts;
    }
}
