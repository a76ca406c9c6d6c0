package dev.socratic.trainer.step;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// The papers' formulas in plain double arithmetic, written without the trainer's kernels: what the presets are
/// checked against.
///
/// `p` is the teacher's distribution, `q` the student's; `t` and `s` are the logits of the two.
public final class Hand {
    private Hand() {}

    static double sum(int n, IntToDoubleFunction each) {
        return IntStream.range(0, n).mapToDouble(each).sum();
    }

    static double mean(int n, IntToDoubleFunction each) {
        return sum(n, each) / n;
    }

    static double[] each(double[] x, java.util.function.DoubleUnaryOperator by) {
        return Arrays.stream(x).map(by).toArray();
    }

    static double[] plus(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
    }

    static double[] scaled(double[] x, double factor) {
        return each(x, value -> value * factor);
    }

    static double dot(double[] a, double[] b) {
        return sum(a.length, i -> a[i] * b[i]);
    }

    static double length(double[] x) {
        return Math.sqrt(dot(x, x));
    }

    static double[] unit(double[] x) {
        return scaled(x, 1 / length(x));
    }

    static double cosine(double[] a, double[] b) {
        return dot(a, b) / (length(a) * length(b));
    }

    static double[] centred(double[] x) {
        double mean = Arrays.stream(x).average().orElseThrow();
        return each(x, value -> value - mean);
    }

    /// Zero mean, unit variance of n - 1 degrees of freedom.
    static double[] standardised(double[] x) {
        double[] y = centred(x);
        return scaled(y, 1 / Math.sqrt(dot(y, y) / (x.length - 1)));
    }

    static double pearson(double[] a, double[] b) {
        return cosine(centred(a), centred(b));
    }

    /// @param tau temperature
    static double[] softmax(double[] logits, double tau) {
        double most = Arrays.stream(logits).max().orElseThrow();
        double[] e = each(logits, z -> Math.exp((z - most) / tau));
        return scaled(e, 1 / Arrays.stream(e).sum());
    }

    static double[] softmax(double[] logits) {
        return softmax(logits, 1);
    }

    static double capped(double[] p, double[] q, double cap) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += Math.min(cap, p[i] * Math.log(p[i] / q[i]));
        }
        return sum;
    }

    static double kl(double[] p, double[] q) {
        return sum(p.length, v -> p[v] == 0 ? 0 : p[v] * Math.log(p[v] / q[v]));
    }

    /// KL of two softmaxes at a temperature, without its square.
    static double soft(double[] t, double[] s, double tau) {
        return kl(softmax(t, tau), softmax(s, tau));
    }

    public static double crossEntropy(double[] s, int label) {
        return -Math.log(softmax(s)[label]);
    }

    static double[] mixed(double[] a, double[] b, double share) {
        return plus(scaled(a, 1 - share), scaled(b, share));
    }

    static double entropy(double[] p) {
        return -sum(p.length, v -> p[v] * Math.log(p[v]));
    }

    static double mse(double[] a, double[] b) {
        return mean(a.length, i -> (a[i] - b[i]) * (a[i] - b[i]));
    }

    /// Huber's gap with delta 1.
    static double huber(double gap) {
        double d = Math.abs(gap);
        return d < 1 ? d * d / 2 : d - 0.5;
    }

    /// @return indices of the k largest, the largest first
    static int[] largest(double[] x, int k) {
        return IntStream.range(0, x.length).boxed().sorted((a, b) -> Double.compare(x[b], x[a])).limit(k)
                .mapToInt(i -> i).toArray();
    }

    static double[] at(double[] x, int[] places) {
        return Arrays.stream(places).mapToDouble(i -> x[i]).toArray();
    }

    /// @return without one entry
    static double[] without(double[] x, int place) {
        return IntStream.range(0, x.length).filter(i -> i != place).mapToDouble(i -> x[i]).toArray();
    }

    /// @return all `x_i - x_j`, i before j
    static double[] differences(double[] x) {
        return IntStream.range(0, x.length).boxed()
                .flatMapToDouble(i -> IntStream.range(i + 1, x.length).mapToDouble(j -> x[i] - x[j])).toArray();
    }

    /// @param weight `[out, in]`
    static double[] mapped(double[][] weight, double[] x) {
        return Arrays.stream(weight).mapToDouble(row -> dot(row, x)).toArray();
    }

    static double[] minus(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    }

    /// @return the columns as rows
    static double[][] turned(double[][] rows) {
        return IntStream.range(0, rows[0].length)
                .mapToObj(c -> Arrays.stream(rows).mapToDouble(row -> row[c]).toArray()).toArray(double[][]::new);
    }

    static double[] average(double[][] rows) {
        return Arrays.stream(turned(rows)).mapToDouble(column -> Arrays.stream(column).average().orElseThrow())
                .toArray();
    }

    /// @return the others mixed by a softmax over their dot products with `x`
    static double[] attended(double[] x, double[][] others) {
        double[] shares = softmax(Arrays.stream(others).mapToDouble(other -> dot(x, other)).toArray());
        double[] mix = new double[others[0].length];
        for (int i = 0; i < others.length; i++) {
            mix = plus(mix, scaled(others[i], shares[i]));
        }
        return mix;
    }
}
