package dev.socratic.curator.config;

import dev.socratic.core.config.Default;
import java.util.Optional;

/// Which scores stay. Without a limit a step only measures.
///
/// Percentiles are those of the rows that reach the step, linearly interpolated between the two nearest (type 7 of
/// Hyndman and Fan 1996, numpy's default). A corpus that was cut at a percentile and is curated again is cut again:
/// write the limit that the report names to keep it.
///
/// @param min           least score that stays
/// @param max           highest score that stays
/// @param minPercentile percentile of all scores, in [0, 100], below which a row goes
/// @param maxPercentile percentile of all scores, in [0, 100], above which a row goes
/// @param unscored      what becomes of rows that have no score
public record ScoreLimits(
        Optional<Double> min, Optional<Double> max, Optional<Double> minPercentile, Optional<Double> maxPercentile,
        @Default("keep") Unscored unscored) {
    /// None.
    public static final ScoreLimits NONE = new ScoreLimits(Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Unscored.KEEP);

    private static final int PERCENT = 100;

    public ScoreLimits {
        both("min", min, minPercentile);
        both("max", max, maxPercentile);
        share("min_percentile", minPercentile);
        share("max_percentile", maxPercentile);
        order("min and max", min, max);
        order("min_percentile and max_percentile", minPercentile, maxPercentile);
    }

    private static void both(String name, Optional<Double> limit, Optional<Double> percentile) {
        if (limit.isPresent() && percentile.isPresent()) {
            throw new IllegalArgumentException("%1$s and %1$s_percentile: one of the two; got %2$s and %3$s; leave one "
                    .formatted(name, limit.get(), percentile.get()) + "out");
        }
    }

    private static void share(String name, Optional<Double> percentile) {
        percentile.filter(value -> !(value >= 0 && value <= PERCENT)).ifPresent(value -> {
            throw new IllegalArgumentException("%s: a percentile in [0, 100]; got %s; 10 is the tenth part".formatted(
                    name, value));
        });
    }

    private static void order(String names, Optional<Double> least, Optional<Double> most) {
        if (least.isPresent() && most.isPresent() && !(least.get() <= most.get())) {
            throw new IllegalArgumentException("%s: the first at most the second; got %s and %s; exchange them"
                    .formatted(names, least.get(), most.get()));
        }
    }

    /// What becomes of a row without a score.
    public enum Unscored {
        /// It stays, and is counted.
        KEEP,
        /// It goes, and the reason says why there is no score.
        DROP
    }
}
