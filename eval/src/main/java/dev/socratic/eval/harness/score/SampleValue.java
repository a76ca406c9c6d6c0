package dev.socratic.eval.harness.score;

import java.util.List;

/// A figure of one document, before all are brought together.
public sealed interface SampleValue {
    /// What is averaged.
    record Number(double value) implements SampleValue {}

    /// A log probability, and what it is shared out over: words or bytes.
    record Weighted(double value, double weight) implements SampleValue {}

    /// Which class is right and which was chosen.
    record Classes(long gold, long predicted) implements SampleValue {}

    /// Which class is right, and the probability of each.
    record Forecast(long gold, List<Double> probabilities) implements SampleValue {
        public Forecast {
            probabilities = List.copyOf(probabilities);
        }
    }

    /// Several figures, each of which counts (IFEval's, by instruction).
    record Several(List<Double> values) implements SampleValue {
        public Several {
            values = List.copyOf(values);
        }
    }

    /// What was written beside what it is measured by, of a metric that only a whole set has.
    record Pair(List<String> references, String written) implements SampleValue {
        public Pair {
            references = List.copyOf(references);
        }
    }
}
