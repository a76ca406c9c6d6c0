package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/// Sums of raw distances over a step, term by term, and what they are sums over.
///
/// Losses stay where they were computed until the step is over, and are read all at once: to read a number makes a
/// device wait. Added up in double, in the order they came, so that the sum is the same on every run.
final class TermSums implements AutoCloseable {
    private final NDManager own;
    private final Kernel kernel;
    private final int terms;
    private final List<Part> parts = new ArrayList<>();

    /// @param losses `[items]` of a term, float32, without graph
    /// @param scaled what their sum counts as
    private record Part(int term, Sides.Items items, NDArray losses, DoubleUnaryOperator scaled) {}

    /// @param terms how many the objective has
    TermSums(NDManager manager, Kernel kernel, int terms) {
        this.own = manager.newSubManager();
        this.kernel = kernel;
        this.terms = terms;
    }

    void add(int term, Sides.Items over, NDArray losses) {
        add(term, over, losses, sum -> sum);
    }

    /// @param losses stay the caller's
    /// @param scaled what their sum counts as
    void add(int term, Sides.Items over, NDArray losses, DoubleUnaryOperator scaled) {
        NDArray kept = kernel.copied(losses).reshape(-1); // [items]
        kept.attach(own);
        parts.add(new Part(term, over, kept, scaled));
    }

    /// Runs something and forgets what it added.
    void silently(Runnable look) {
        int before = parts.size();
        look.run();
        List<Part> added = parts.subList(before, parts.size());
        added.forEach(part -> part.losses().close());
        added.clear();
    }

    /// @return means over the items of the step; the sums begin anew
    List<Double> means(long tokens, long samples) {
        double[] sums = new double[terms];
        Sides.Items[] items = new Sides.Items[terms];
        float[] all = read();
        int at = 0;
        for (Part part : parts) {
            double sum = 0;
            for (long end = at + part.losses().size(); at < end; at++) {
                sum += all[at];
            }
            sums[part.term()] += part.scaled().applyAsDouble(sum);
            items[part.term()] = part.items();
            part.losses().close();
        }
        parts.clear();
        List<Double> means = new ArrayList<>();
        for (int term = 0; term < terms; term++) {
            means.add(sums[term] / divisor(items[term] == null ? Sides.Items.TOKENS : items[term], tokens, samples));
        }
        return means;
    }

    /// Of all parts, one behind the other.
    private float[] read() {
        if (parts.isEmpty()) {
            return new float[0];
        }
        try (NDManager scope = own.newSubManager()) {
            NDArray all = NDArrays.concat(new NDList(parts.stream().map(Part::losses).toList()), 0);
            all.attach(scope);
            return all.toFloatArray();
        }
    }

    static double divisor(Sides.Items items, long tokens, long samples) {
        return switch (items) {
            case TOKENS -> tokens;
            case SAMPLES -> samples;
            case CHANNELS -> tokens; // each micro-batch's mean was multiplied by its tokens
        };
    }

    @Override
    public void close() {
        own.close();
    }
}
