package dev.socratic.trainer.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Sums of raw distances over a step, term by term, and what they are sums over.
final class TermSums {
    private final double[] sums;
    private final Sides.Items[] items;

    TermSums(int terms) {
        this.sums = new double[terms];
        this.items = new Sides.Items[terms];
        Arrays.fill(items, Sides.Items.TOKENS);
    }

    void add(int term, Sides.Items over, double sum) {
        sums[term] += sum;
        items[term] = over;
    }

    /// Runs something and forgets what it added.
    void silently(Runnable look) {
        double[] before = sums.clone();
        look.run();
        System.arraycopy(before, 0, sums, 0, before.length);
    }

    /// @return means over the items of the step; the sums begin anew
    List<Double> means(long tokens, long samples) {
        List<Double> means = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            means.add(sums[i] / divisor(items[i], tokens, samples));
        }
        Arrays.fill(sums, 0);
        return means;
    }

    static double divisor(Sides.Items items, long tokens, long samples) {
        return switch (items) {
            case TOKENS -> tokens;
            case SAMPLES -> samples;
            case CHANNELS -> tokens; // each micro-batch's mean was multiplied by its tokens
        };
    }
}
