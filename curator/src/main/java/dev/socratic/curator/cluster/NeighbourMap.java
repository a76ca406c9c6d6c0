package dev.socratic.curator.cluster;

import dev.socratic.core.seed.Seeds;
import dev.socratic.curator.store.VectorIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A map on which neighbours stay neighbours: UMAP (McInnes, Healy and Melville 2018, arXiv:1802.03426) with its usual
/// settings, 15 neighbours, least distance 0.1, five negative samples an edge.
///
/// ```text
/// p(j|i) = exp(-max(0, d(i,j) - rho(i)) / sigma(i)),  sum over the neighbours = log2(15),  d = 1 - cosine
/// p(i,j) = p(j|i) + p(i|j) - p(j|i) p(i|j)
/// q(i,j) = 1 / (1 + a |y(i) - y(j)|^2b),  a = 1.577, b = 0.895;   cross entropy of p and q by gradient steps
/// ```
///
/// It begins with the two directions in which the points differ most, and draws by one seed: the same points give the
/// same map. Distances between far clusters mean little, as on every such map.
final class NeighbourMap {
    private static final int NEIGHBOURS = 15;
    private static final int NEGATIVES = 5;
    private static final double A = 1.577;
    private static final double B = 0.8951;
    private static final double STEEPEST = 4;
    private static final int STEPS = 200;

    private final double[][] places; // [points, 2]

    private NeighbourMap(double[][] places) {
        this.places = places;
    }

    private record Edge(int from, int to, double weight) {}

    /// @param points `[points, width]`
    /// @param index  in which each stands by its number
    static NeighbourMap of(float[][] points, VectorIndex index, long seed) {
        double[][] places = begun(points, seed);
        if (points.length > 2) {
            List<Edge> edges = edges(points, index);
            descend(places, edges, Seeds.random(seed, "map"));
        }
        return new NeighbourMap(scaled(places));
    }

    private static double[][] begun(float[][] points, long seed) {
        List<Subspace.Sparse> rows = Arrays.stream(points).map(Subspace.Sparse::dense).toList();
        // the first direction is where all of them lie; they differ in the second and third
        Subspace space = Subspace.of(rows, points[0].length, 3, seed);
        SplittableRandom random = Seeds.random(seed, "begin");
        double[][] places = new double[points.length][2];
        double largest = 1e-9;
        for (int i = 0; i < points.length; i++) {
            double[] seen = space.project(rows.get(i)); // [3]
            for (int d = 0; d < 2; d++) {
                places[i][d] = d + 1 < seen.length ? seen[d + 1] : 0;
                largest = Math.max(largest, Math.abs(places[i][d]));
            }
        }
        for (double[] place : places) {
            for (int d = 0; d < 2; d++) {
                place[d] = 10 * place[d] / largest + 1e-3 * (random.nextDouble() - 0.5); // no two on one spot
            }
        }
        return places;
    }

    private static List<Edge> edges(float[][] points, VectorIndex index) {
        int[][] to = new int[points.length][];
        double[][] weights = new double[points.length][];
        for (int i = 0; i < points.length; i++) {
            int self = i;
            List<VectorIndex.Near> near = index.nearest(points[i], NEIGHBOURS + 1).stream()
                    .filter(other -> other.number() != self).limit(NEIGHBOURS).toList();
            to[i] = near.stream().mapToInt(VectorIndex.Near::number).toArray();
            weights[i] = memberships(near.stream().mapToDouble(other -> Math.max(0, 1 - other.cosine())).toArray());
        }
        List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < points.length; i++) {
            for (int n = 0; n < to[i].length; n++) {
                int j = to[i][n];
                double there = weights[i][n];
                double back = 0;
                for (int m = 0; m < to[j].length; m++) {
                    back = to[j][m] == i ? weights[j][m] : back;
                }
                if (back == 0 || i < j) { // an edge that both ends have is there once
                    edges.add(new Edge(i, j, there + back - there * back));
                }
            }
        }
        return edges;
    }

    /// @param distances of a point's neighbours, the nearest first
    private static double[] memberships(double[] distances) {
        double[] weights = new double[distances.length];
        if (distances.length == 0) {
            return weights;
        }
        double wanted = Math.log(Math.max(2, distances.length)) / Math.log(2);
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double sigma = 1;
        for (int round = 0; round < 64; round++) {
            double sum = 0;
            for (int n = 0; n < weights.length; n++) {
                weights[n] = Math.exp(-Math.max(0, distances[n] - distances[0]) / sigma);
                sum += weights[n];
            }
            if (Math.abs(sum - wanted) < 1e-5) {
                break;
            }
            if (sum > wanted) {
                high = sigma;
                sigma = (low + high) / 2;
            } else {
                low = sigma;
                sigma = Double.isInfinite(high) ? 2 * sigma : (low + high) / 2;
            }
        }
        return weights;
    }

    private static void descend(double[][] places, List<Edge> edges, SplittableRandom random) {
        double heaviest = edges.stream().mapToDouble(Edge::weight).max().orElse(1);
        for (int step = 0; step < STEPS; step++) {
            double rate = 1.0 - (double) step / STEPS;
            for (Edge edge : edges) {
                if (random.nextDouble() * heaviest > edge.weight()) {
                    continue;
                }
                attract(places[edge.from()], places[edge.to()], rate);
                for (int n = 0; n < NEGATIVES; n++) {
                    int other = random.nextInt(places.length);
                    if (other != edge.from()) {
                        repel(places[edge.from()], places[other], rate);
                    }
                }
            }
        }
    }

    private static void attract(double[] one, double[] other, double rate) {
        double square = square(one, other);
        if (square > 0) {
            double pull = -2 * A * B * Math.pow(square, B - 1) / (1 + A * Math.pow(square, B));
            for (int d = 0; d < 2; d++) {
                double by = rate * clipped(pull * (one[d] - other[d]));
                one[d] += by;
                other[d] -= by;
            }
        }
    }

    private static void repel(double[] one, double[] other, double rate) {
        double square = square(one, other);
        double push = 2 * B / ((0.001 + square) * (1 + A * Math.pow(square, B)));
        for (int d = 0; d < 2; d++) {
            one[d] += rate * clipped(push * (one[d] - other[d]));
        }
    }

    private static double square(double[] one, double[] other) {
        double x = one[0] - other[0];
        double y = one[1] - other[1];
        return x * x + y * y;
    }

    private static double clipped(double value) {
        return Math.max(-STEEPEST, Math.min(STEEPEST, value));
    }

    /// Into the unit square, both axes alike.
    private static double[][] scaled(double[][] places) {
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (double[] place : places) {
            for (int d = 0; d < 2; d++) {
                low[d] = Math.min(low[d], place[d]);
                high[d] = Math.max(high[d], place[d]);
            }
        }
        double side = Math.max(1e-9, Math.max(high[0] - low[0], high[1] - low[1]));
        for (double[] place : places) {
            for (int d = 0; d < 2; d++) {
                place[d] = 0.5 + (place[d] - (low[d] + high[d]) / 2) / side;
            }
        }
        return places;
    }

    /// @return of a point that it was made of, in the unit square
    double[] place(int point) {
        return places[point];
    }

    /// @param near points that it was made of, at least one, by their nearness to another
    /// @return where that one lies: the mean of their places, weighed by the squares of their cosines
    double[] between(List<VectorIndex.Near> near) {
        double x = 0;
        double y = 0;
        double sum = 0;
        for (VectorIndex.Near one : near) {
            double weight = 1e-6 + Math.max(0, one.cosine()) * Math.max(0, one.cosine());
            x += weight * places[one.number()][0];
            y += weight * places[one.number()][1];
            sum += weight;
        }
        return new double[] {x / sum, y / sum};
    }
}
