package dev.socratic.curator.cluster;

import dev.socratic.core.seed.Seeds;
import dev.socratic.curator.store.VectorIndex;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Clusters of vectors of length 1 by their direction: spherical k-means (Dhillon and Modha 2001), begun as k-means++
/// does (Arthur and Vassilvitskii 2007), a centre drawn by its distance `1 - cosine` from those there are.
///
/// It ends when no vector changes its cluster, or after 30 rounds. A cluster that loses all its vectors takes the one
/// that is farthest from its own centre.
final class SphericalKMeans {
    private static final int ROUNDS = 30;

    private final float[][] centers; // [clusters, width]

    private SphericalKMeans(float[][] centers) {
        this.centers = centers;
    }

    /// A vector's cluster.
    ///
    /// @param number of the cluster
    /// @param cosine with its centre
    record Assigned(int number, double cosine) {}

    /// @param vectors  `[vectors, width]`, at least one
    /// @param clusters that are wanted; there are no more than vectors
    static SphericalKMeans of(float[][] vectors, int clusters, long seed) {
        SphericalKMeans means = new SphericalKMeans(spread(vectors, Math.min(clusters, vectors.length),
                Seeds.random(seed, "centers")));
        int[] of = new int[vectors.length];
        Arrays.fill(of, -1);
        for (int round = 0; round < ROUNDS && means.assign(vectors, of); round++) {
            means.move(vectors, of);
        }
        return means;
    }

    private static float[][] spread(float[][] vectors, int clusters, SplittableRandom random) {
        float[][] centers = new float[clusters][];
        double[] distance = new double[vectors.length];
        Arrays.fill(distance, 1);
        for (int c = 0; c < clusters; c++) {
            float[] center = vectors[drawn(distance, random)].clone();
            centers[c] = center;
            for (int i = 0; i < vectors.length; i++) {
                double here = Math.max(0, 1 - VectorIndex.dot(vectors[i], center));
                distance[i] = c == 0 ? here : Math.min(distance[i], here);
            }
        }
        return centers;
    }

    private static int drawn(double[] weights, SplittableRandom random) {
        double left = random.nextDouble() * Arrays.stream(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return random.nextInt(weights.length); // all weights are 0: the vectors are the same
    }

    private boolean assign(float[][] vectors, int[] of) {
        boolean changed = false;
        for (int i = 0; i < vectors.length; i++) {
            int nearest = nearest(vectors[i]).number();
            changed |= nearest != of[i];
            of[i] = nearest;
        }
        return changed;
    }

    private void move(float[][] vectors, int[] of) {
        int width = vectors[0].length;
        double[][] sums = new double[centers.length][width];
        int[] members = new int[centers.length];
        for (int i = 0; i < vectors.length; i++) {
            members[of[i]]++;
            for (int d = 0; d < width; d++) {
                sums[of[i]][d] += vectors[i][d];
            }
        }
        for (int c = 0; c < centers.length; c++) {
            double length = Math.sqrt(Arrays.stream(sums[c]).map(x -> x * x).sum());
            if (members[c] == 0) {
                centers[c] = vectors[farthest(vectors, of)].clone();
            } else if (length > 1e-9) {
                for (int d = 0; d < width; d++) {
                    centers[c][d] = (float) (sums[c][d] / length);
                }
            }
        }
    }

    private int farthest(float[][] vectors, int[] of) {
        int farthest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < vectors.length; i++) {
            double cosine = VectorIndex.dot(vectors[i], centers[of[i]]);
            if (cosine < least) {
                least = cosine;
                farthest = i;
            }
        }
        return farthest;
    }

    int clusters() {
        return centers.length;
    }

    /// @return of equally near ones the first
    Assigned nearest(float[] vector) {
        int nearest = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < centers.length; c++) {
            double cosine = VectorIndex.dot(vector, centers[c]);
            if (cosine > best) {
                best = cosine;
                nearest = c;
            }
        }
        return new Assigned(nearest, best);
    }
}
