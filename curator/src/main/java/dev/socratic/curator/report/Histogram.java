package dev.socratic.curator.report;

/// How often values fall into 32 ranges of equal width, without knowing beforehand how large they get: where a value
/// lies outside, the ranges double. Memory is the same for any number of values.
final class Histogram {
    private static final int BINS = 32;

    private final long[] counts = new long[BINS];
    private double from;
    private double width;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private long all;

    /// @param value finite
    void add(double value) {
        if (all == 0) {
            width = Math.max(Math.ulp(Math.abs(value)) * BINS, 1.0 / BINS);
            from = Math.floor(value); // ranges begin at whole numbers, for most scores count things
        }
        while (value >= from + BINS * width) {
            widen(true);
        }
        while (value < from) {
            widen(false);
        }
        counts[Math.min(BINS - 1, (int) ((value - from) / width))]++;
        least = Math.min(least, value);
        most = Math.max(most, value);
        all++;
    }

    /// @param up whether there is to be more room above or below
    private void widen(boolean up) {
        long[] old = counts.clone();
        java.util.Arrays.fill(counts, 0);
        for (int i = 0; i < BINS; i++) {
            counts[i / 2 + (up ? 0 : BINS / 2)] += old[i];
        }
        from = up ? from : from - BINS * width;
        width *= 2;
    }

    long all() {
        return all;
    }

    double least() {
        return least;
    }

    double most() {
        return most;
    }

    int bins() {
        return BINS;
    }

    long count(int bin) {
        return counts[bin];
    }

    /// @return where that range begins
    double begin(int bin) {
        return from + bin * width;
    }
}
