package dev.socratic.eval.harness.task;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How lm-evaluation-harness aggregates a metric of its own, and which way is up, where a task does not say.
public final class MetricDefaults {
    private static final Map<String, String> AGGREGATIONS = Map.ofEntries(
            Map.entry("acc", "mean"), Map.entry("acc_norm", "mean"), Map.entry("acc_bytes", "mean"),
            Map.entry("acc_mutual_info", "mean"), Map.entry("exact_match", "mean"), Map.entry("f1", "f1"),
            Map.entry("mcc", "matthews_corrcoef"), Map.entry("brier_score", "brier_score"),
            Map.entry("perplexity", "perplexity"), Map.entry("word_perplexity", "weighted_perplexity"),
            Map.entry("byte_perplexity", "weighted_perplexity"), Map.entry("bits_per_byte", "bits_per_byte"),
            Map.entry("bleu", "bleu"), Map.entry("chrf", "chrf"), Map.entry("chrf++", "chrf++"),
            Map.entry("ter", "ter"), Map.entry("likelihood", "mean"), Map.entry("acc_all", "mean"),
            Map.entry("bypass", "bypass"));
    private static final Set<String> LOWER = Set.of("perplexity", "word_perplexity", "byte_perplexity",
            "bits_per_byte", "brier_score", "ter");

    private MetricDefaults() {}

    /// @return the aggregation; nothing for a name it does not know
    public static Optional<String> aggregation(String metric) {
        return Optional.ofNullable(AGGREGATIONS.get(metric));
    }

    /// @return whether more is better
    public static boolean higherIsBetter(String metric) {
        return !LOWER.contains(metric);
    }
}
