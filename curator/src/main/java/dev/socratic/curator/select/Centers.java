package dev.socratic.curator.select;

import dev.socratic.core.seed.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Farthest-first traversal: always the row farthest from those chosen (Gonzalez 1985; k-center greedy of Sener and
/// Savarese 2018, arXiv:1708.00489).
///
/// The largest distance of a row to its nearest centre is at most twice the least there could be with so many centres,
/// for the distance is a metric. The first one is drawn by the seed and the ids; of equally distant rows the one with
/// the lesser id comes first. Time: rows x centres.
final class Centers {
    private final int[] nearest;
    private final double[] distance;
    private final List<Integer> chosen = new ArrayList<>();
    private final List<Double> reached = new ArrayList<>();

    private Centers(int rows) {
        this.nearest = new int[rows];
        this.distance = new double[rows];
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
    }

    /// @param order numbers of the rows by id, at least one
    /// @param most  centres; fewer where there are fewer rows
    static Centers of(TermVectors vectors, List<String> ids, int[] order, int most, long seed) {
        Centers centers = new Centers(ids.size());
        int next = Arrays.stream(order).boxed()
                .min(Comparator.comparingLong(row -> Seeds.derive(seed, "first", ids.get(row)))).orElseThrow();
        while (true) {
            centers.take(next, vectors, order);
            if (centers.chosen.size() == Math.min(most, order.length)) {
                return centers;
            }
            next = centers.farthest(order);
        }
    }

    private void take(int row, TermVectors vectors, int[] order) {
        reached.add(distance[row]);
        distance[row] = -1; // never again
        nearest[row] = chosen.size();
        for (int other : order) {
            if (distance[other] >= 0) {
                double here = vectors.distance(row, other);
                if (here < distance[other]) {
                    distance[other] = here;
                    nearest[other] = chosen.size();
                }
            }
        }
        chosen.add(row);
    }

    private int farthest(int[] order) {
        int best = -1;
        for (int row : order) {
            if (distance[row] >= 0 && (best < 0 || distance[row] > distance[best])) {
                best = row;
            }
        }
        return best;
    }

    /// @return rows, in the order they were chosen
    List<Integer> chosen() {
        return chosen;
    }

    /// @return how far the nth was from those before it; infinite for the first
    double reached(int n) {
        return reached.get(n);
    }

    /// @return which centre is nearest
    int nearest(int row) {
        return nearest[row];
    }

    /// @return how far a row is from it; 0 of a centre
    double distance(int row) {
        return Math.max(0, distance[row]);
    }

    /// @return the largest distance of a row to its centre
    double radius() {
        return Math.max(0, Arrays.stream(distance).max().orElse(0));
    }
}
