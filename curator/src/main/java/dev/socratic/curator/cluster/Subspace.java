package dev.socratic.curator.cluster;

import dev.socratic.core.seed.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// The directions in which rows differ most: the first right singular vectors of the matrix of rows, by randomised
/// subspace iteration (Halko, Martinsson and Tropp 2011, arXiv:0909.4061, two rounds).
///
/// ```text
/// Q = orth(X' X Q), from a random Q [places, width], three times
/// ```
///
/// Good enough to compare rows by; the singular values themselves are not wanted.
final class Subspace {
    private static final int ROUNDS = 3;

    private final double[][] basis; // [width, places], rows orthonormal

    private Subspace(double[][] basis) {
        this.basis = basis;
    }

    /// A row with few numbers other than 0.
    ///
    /// @param places where they stand
    /// @param values that stand there
    record Sparse(int[] places, float[] values) {
        static Sparse dense(float[] vector) {
            int[] places = new int[vector.length];
            Arrays.setAll(places, i -> i);
            return new Sparse(places, vector);
        }
    }

    /// @param places how many there are
    /// @param width  directions that are wanted, at most `places`
    static Subspace of(List<Sparse> rows, int places, int width, long seed) {
        SplittableRandom random = Seeds.random(seed, "subspace");
        double[][] basis = new double[Math.min(width, places)][places];
        for (double[] direction : basis) {
            Arrays.setAll(direction, i -> random.nextDouble() - 0.5);
        }
        Subspace space = new Subspace(basis);
        for (int round = 0; round < ROUNDS; round++) {
            double[][] next = new double[basis.length][places];
            for (Sparse row : rows) {
                double[] seen = space.project(row); // [width]
                for (int d = 0; d < seen.length; d++) {
                    for (int i = 0; i < row.places().length; i++) {
                        next[d][row.places()[i]] += seen[d] * row.values()[i];
                    }
                }
            }
            orthonormalise(next, random);
            space = new Subspace(next);
        }
        return space;
    }

    /// Modified Gram-Schmidt; a direction that the others already span becomes a random one.
    private static void orthonormalise(double[][] rows, SplittableRandom random) {
        for (int i = 0; i < rows.length; i++) {
            double before = Math.sqrt(dot(rows[i], rows[i]));
            clear(rows, i);
            if (Math.sqrt(dot(rows[i], rows[i])) <= 1e-9 * before || before == 0) {
                Arrays.setAll(rows[i], at -> random.nextDouble() - 0.5);
                clear(rows, i);
            }
            double length = Math.sqrt(dot(rows[i], rows[i]));
            for (int at = 0; at < rows[i].length; at++) {
                rows[i][at] /= length;
            }
        }
    }

    private static void clear(double[][] rows, int of) {
        for (int earlier = 0; earlier < of; earlier++) {
            double share = dot(rows[of], rows[earlier]);
            for (int at = 0; at < rows[of].length; at++) {
                rows[of][at] -= share * rows[earlier][at];
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /// @return the row in these directions `[width]`, the most important first
    double[] project(Sparse row) {
        double[] seen = new double[basis.length];
        for (int d = 0; d < basis.length; d++) {
            double sum = 0;
            for (int i = 0; i < row.places().length; i++) {
                sum += basis[d][row.places()[i]] * row.values()[i];
            }
            seen[d] = sum;
        }
        return seen;
    }
}
