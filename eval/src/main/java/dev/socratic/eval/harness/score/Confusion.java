package dev.socratic.eval.harness.score;

import dev.socratic.core.error.DataException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which class was taken for which.
///
/// @param counts by gold and predicted class
/// @param all    documents
record Confusion(Map<List<Long>, Long> counts, long all) {

    static Confusion of(List<SampleValue> values) {
        Map<List<Long>, Long> counts = new HashMap<>();
        for (SampleValue value : values) {
            SampleValue.Classes one = (SampleValue.Classes) value;
            counts.merge(List.of(one.gold(), one.predicted()), 1L, Long::sum);
        }
        return new Confusion(counts, values.size());
    }

    private long count(long gold, long predicted) {
        return counts.getOrDefault(List.of(gold, predicted), 0L);
    }

    private Set<Long> classes() {
        Set<Long> classes = new TreeSet<>();
        counts.keySet().forEach(classes::addAll);
        return classes;
    }

    /// `2 tp / (2 tp + fp + fn)` of class 1; 0 where it never occurs.
    double f1() {
        if (!Set.of(0L, 1L).containsAll(classes())) {
            throw new DataException("metric f1", "two classes, 0 and 1", classes().toString(), "take acc");
        }
        double twice = 2.0 * count(1, 1);
        double others = count(0, 1) + count(1, 0);
        return twice + others == 0 ? 0 : twice / (twice + others);
    }

    /// Matthews' correlation of any number of classes: Gorodkin 2004; 0 where either side is of one class.
    double matthews() {
        double right = 0;
        double both = 0;
        double predicted = 0;
        double gold = 0;
        for (long one : classes()) {
            double ofGold = 0;
            double ofPredicted = 0;
            for (Map.Entry<List<Long>, Long> entry : counts.entrySet()) {
                ofGold += entry.getKey().get(0) == one ? entry.getValue() : 0;
                ofPredicted += entry.getKey().get(1) == one ? entry.getValue() : 0;
            }
            right += count(one, one);
            both += ofGold * ofPredicted;
            predicted += ofPredicted * ofPredicted;
            gold += ofGold * ofGold;
        }
        double n = all;
        double of = (n * n - predicted) * (n * n - gold);
        return of == 0 ? 0 : (right * n - both) / Math.sqrt(of);
    }
}
