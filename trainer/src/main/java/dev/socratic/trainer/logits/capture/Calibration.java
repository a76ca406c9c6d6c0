package dev.socratic.trainer.logits.capture;

/// Expected calibration error of a guess: `sum over bins of share of the bin x |how often it was right - how sure it
/// was|`, ten bins of equal width over the largest probability. Source: Guo et al. 2017, arXiv:1706.04599.
final class Calibration {
    private static final int BINS = 10;

    private final double[] confidenceSum = new double[BINS];
    private final long[] correct = new long[BINS];
    private final long[] count = new long[BINS];

    void add(float confidence, boolean hit) {
        int bin = Math.clamp((int) (confidence * BINS), 0, BINS - 1);
        confidenceSum[bin] += confidence;
        correct[bin] += hit ? 1 : 0;
        count[bin]++;
    }

    double error() {
        double sum = 0;
        long all = 0;
        for (int bin = 0; bin < BINS; bin++) {
            sum += Math.abs(correct[bin] - confidenceSum[bin]);
            all += count[bin];
        }
        return all == 0 ? 0 : sum / all;
    }
}
