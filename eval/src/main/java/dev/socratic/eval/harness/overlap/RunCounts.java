package dev.socratic.eval.harness.overlap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How often each run of `n` items stands in a list.
final class RunCounts {
    private RunCounts() {}

    static <T> Map<List<T>, Integer> of(List<T> items, int n) {
        Map<List<T>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= items.size(); i++) {
            counts.merge(items.subList(i, i + n), 1, Integer::sum);
        }
        return counts;
    }

    static int sum(Map<?, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// @return of each the smaller count, summed
    static <T> int shared(Map<T, Integer> a, Map<T, Integer> b) {
        return a.entrySet().stream().mapToInt(one -> Math.min(one.getValue(), b.getOrDefault(one.getKey(), 0))).sum();
    }
}
