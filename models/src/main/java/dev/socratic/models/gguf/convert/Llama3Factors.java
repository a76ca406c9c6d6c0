package dev.socratic.models.gguf.convert;

/// By how much each pair of a head turns more slowly in Llama 3.1 and later, as a GGUF lists it.
///
/// Waves shorter than `original / high` stay (1), waves longer than `original / low` are slowed down by `factor`, in
/// between `1 / ((1 - s) / factor + s)` with `s = (original / wave - low) / (high - low)`.
final class Llama3Factors {
    /// What all published models have.
    static final double LOW = 1;
    static final double HIGH = 4;
    static final int ORIGINAL = 8192;

    private Llama3Factors() {}

    static double[] of(double theta, int dim, double factor) {
        return of(theta, dim, factor, LOW, HIGH, ORIGINAL);
    }

    static double[] of(double theta, int dim, double factor, double low, double high, double original) {
        double[] factors = new double[dim / 2];
        for (int i = 0; i < factors.length; i++) {
            double wave = 2 * Math.PI * Math.pow(theta, 2.0 * i / dim);
            double smooth = (original / wave - low) / (high - low);
            factors[i] = wave < original / high ? 1 : wave > original / low ? factor
                    : 1 / ((1 - smooth) / factor + smooth);
        }
        return factors;
    }
}
