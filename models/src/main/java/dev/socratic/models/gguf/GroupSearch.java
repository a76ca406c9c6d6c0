package dev.socratic.models.gguf;

/// Scale and minimum of a group of 32 numbers, `x ~ scale * code - minimum` with codes of 0 to `most` and a minimum of
/// at least 0, with the least square error, weighted by how far numbers are from 0 (ggml's `make_qkx2_quants`).
///
/// @param minimum what is subtracted
record GroupSearch(float scale, float minimum) {
    private static final int SIZE = 32;
    private static final float STEP = 0.1f;

    /// @param from  by how much the first candidate's number of levels differs from `most`
    /// @param steps candidates after the first
    static GroupSearch of(float[] x, int at, int most, float from, int steps) {
        float[] weights = weights(x, at);
        float least = x[at];
        float largest = x[at];
        float sumW = weights[0];
        float sumX = sumW * x[at];
        for (int i = 1; i < SIZE; i++) {
            least = Math.min(least, x[at + i]);
            largest = Math.max(largest, x[at + i]);
            sumW += weights[i];
            sumX += weights[i] * x[at + i];
        }
        float minimum = Math.min(least, 0);
        if (largest == minimum) {
            return new GroupSearch(0, -minimum);
        }
        int[] codes = new int[SIZE];
        codes(x, at, most / (largest - minimum), minimum, most, codes);
        float scale = 1 / (most / (largest - minimum));
        float best = error(x, at, weights, codes, scale, minimum);
        for (int step = 0; step <= steps; step++) { // each candidate starts from the best minimum so far
            codes(x, at, (from + STEP * step + most) / (largest - minimum), minimum, most, codes);
            Fit fit = Fit.of(x, at, weights, codes, sumW, sumX);
            float error = fit.determinant() > 0 ? error(x, at, weights, codes, fit.scale(), fit.minimum()) : best;
            if (error < best) {
                best = error;
                scale = fit.scale();
                minimum = fit.minimum();
            }
        }
        return new GroupSearch(scale, -minimum);
    }

    private static float[] weights(float[] x, int at) {
        float squares = 0;
        for (int i = 0; i < SIZE; i++) {
            squares += x[at + i] * x[at + i];
        }
        float usual = (float) Math.sqrt(squares / SIZE);
        float[] weights = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            weights[i] = usual + Math.abs(x[at + i]);
        }
        return weights;
    }

    private static void codes(float[] x, int at, float inverse, float least, int most, int[] codes) {
        for (int i = 0; i < SIZE; i++) {
            codes[i] = Math.clamp(KQuantise.nearest(inverse * (x[at + i] - least)), 0, most);
        }
    }

    private static float error(float[] x, int at, float[] weights, int[] codes, float scale, float minimum) {
        float error = 0;
        for (int i = 0; i < SIZE; i++) {
            float difference = scale * codes[i] + minimum - x[at + i];
            error += weights[i] * (difference * difference);
        }
        return error;
    }

    /// The best scale and minimum for given codes, by weighted least squares.
    private record Fit(float determinant, float scale, float minimum) {
        static Fit of(float[] x, int at, float[] weights, int[] codes, float sumW, float sumX) {
            float sumL = 0;
            float sumL2 = 0;
            float sumXl = 0;
            for (int i = 0; i < SIZE; i++) {
                sumL += weights[i] * codes[i];
                sumL2 += weights[i] * codes[i] * codes[i];
                sumXl += weights[i] * codes[i] * x[at + i];
            }
            float determinant = sumW * sumL2 - sumL * sumL;
            float scale = (sumW * sumXl - sumX * sumL) / determinant;
            float minimum = (sumL2 * sumX - sumL * sumXl) / determinant;
            return minimum > 0 ? new Fit(determinant, sumXl / sumL2, 0) : new Fit(determinant, scale, minimum);
        }
    }
}
