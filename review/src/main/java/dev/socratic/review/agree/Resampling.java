package dev.socratic.review.agree;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// The percentile interval of a measure over things drawn anew (Efron and Tibshirani 1993): 1,000 draws, seeded, so
/// that the same decisions give the same interval. Draws of which nothing can be said are left out.
final class Resampling {
    private static final int DRAWS = 1_000;
    private static final long SEED = 20_260_101;

    private Resampling() {}

    static Coefficient of(Ratings ratings, ToDoubleFunction<Ratings> measure) {
        Ratings shared = ratings.shared();
        SplittableRandom random = new SplittableRandom(SEED);
        double[] values = new double[DRAWS];
        int count = 0;
        for (int draw = 0; draw < DRAWS && !shared.things().isEmpty(); draw++) {
            double value = measure.applyAsDouble(shared.drawn(random));
            if (!Double.isNaN(value)) {
                values[count++] = value;
            }
        }
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return new Coefficient(measure.applyAsDouble(shared), quantile(sorted, 0.025), quantile(sorted, 0.975),
                shared.things().size());
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
