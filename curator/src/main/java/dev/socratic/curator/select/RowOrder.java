package dev.socratic.curator.select;

import dev.socratic.core.seed.Seeds;
import dev.socratic.curator.config.SelectionConfig.Order;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.RowScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Which rows come first: by a draw that only the seed and a row's id decide, by the length of the answer in code
/// points, or by a score of an earlier step. Equal ones are ordered by id.
final class RowOrder {
    private final String order;
    private final long seed;
    private final List<Double> keys = new ArrayList<>();
    private long without;

    RowOrder(Order order, long seed) {
        this.order = order.order();
        this.seed = seed;
    }

    void add(Candidate row, RowScores before) {
        keys.add(switch (order) {
            case "random" -> (double) Seeds.derive(seed, "order", row.id());
            case "shortest" -> length(row);
            case "longest" -> -length(row);
            default -> scored(before);
        });
    }

    static double length(Candidate row) {
        String answer = row.answer();
        return answer.codePointCount(0, answer.length());
    }

    private double scored(RowScores before) {
        boolean lowest = order.startsWith("-");
        Double value = before.values().get(lowest ? order.substring(1) : order);
        if (value == null) {
            without++;
            return Double.POSITIVE_INFINITY;
        }
        return lowest ? value : -value;
    }

    /// @return what the rows are ordered by, the least first
    double key(int number) {
        return keys.get(number);
    }

    /// @return rows without the score they are ordered by
    long without() {
        return without;
    }

    /// @param byId numbers of rows
    /// @return the same, first ones first
    int[] sorted(int[] byId) {
        return Arrays.stream(byId).boxed().sorted(Comparator.comparingDouble(keys::get))
                .mapToInt(Integer::intValue).toArray();
    }
}
