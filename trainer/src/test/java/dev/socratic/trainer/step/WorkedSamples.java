package dev.socratic.trainer.step;

import static dev.socratic.trainer.step.Hand.*;

import dev.socratic.models.network.Tap;
import java.util.Arrays;

/// Presets that compare how samples, channels or positions stand to each other, by hand.
///
/// @param teacher what the teacher says
/// @param student what the student says
record WorkedSamples(Seen teacher, Seen student) {
    /// One map a sample: the squared lengths of its counting states, to unit length.
    double energies(int mine, int theirs) {
        double[][] s = student.counting(new Tap.Hidden(mine));
        double[][] t = teacher.counting(new Tap.Hidden(theirs));
        int[][] samples = student.samples();
        return mean(samples.length, i -> mse(
                unit(Arrays.stream(samples[i]).mapToDouble(token -> dot(s[token], s[token])).toArray()),
                unit(Arrays.stream(samples[i]).mapToDouble(token -> dot(t[token], t[token])).toArray())));
    }

    static double[][] pooled(Seen seen, double[][] states) {
        return Arrays.stream(seen.samples())
                .map(tokens -> average(Arrays.stream(tokens).mapToObj(token -> states[token]).toArray(double[][]::new)))
                        .toArray(double[][]::new);
    }

    /// Rows of dot products between the samples' mean states, to unit length.
    double similarities(int mine, int theirs) {
        double[][] s = pooled(student, student.counting(new Tap.Hidden(mine)));
        double[][] t = pooled(teacher, teacher.counting(new Tap.Hidden(theirs)));
        return mean(s.length, i -> mse(unit(against(s, s[i])), unit(against(t, t[i]))));
    }

    static double[] against(double[][] all, double[] one) {
        return Arrays.stream(all).mapToDouble(other -> dot(one, other)).toArray();
    }

    /// Distances between the samples' mean final states over their own mean.
    double distances() {
        double[][] s = apart(pooled(student, student.states()));
        double[][] t = apart(pooled(teacher, teacher.states()));
        return mean(s.length, i -> mean(s.length, j -> huber(s[i][j] - t[i][j])));
    }

    private static double[][] apart(double[][] x) {
        double[][] all = Arrays.stream(x).map(a -> Arrays.stream(x).mapToDouble(b -> length(minus(a, b))).toArray())
                .toArray(double[][]::new);
        double mean = Arrays.stream(all).flatMapToDouble(Arrays::stream).filter(d -> d > 0).average().orElseThrow();
        return Arrays.stream(all).map(row -> scaled(row, 1 / mean)).toArray(double[][]::new);
    }

    /// Cosines of the angles at each sample between each two others; an angle with itself as a side is 0.
    double angles() {
        double[][] s = pooled(student, student.states());
        double[][] t = pooled(teacher, teacher.states());
        int n = s.length;
        return mean(n, i -> mean(n, j -> mean(n, k -> huber(angle(s, i, j, k) - angle(t, i, j, k)))));
    }

    static double angle(double[][] x, int i, int j, int k) {
        return i == j || i == k ? 0 : cosine(minus(x[j], x[i]), minus(x[k], x[i]));
    }

    /// Linear centred kernel alignment over the counting positions.
    double alignment(int mine, int theirs) {
        double[][] x = centredColumns(student.counting(new Tap.Hidden(mine)));
        double[][] y = centredColumns(teacher.counting(new Tap.Hidden(theirs)));
        return 1 - products(y, x) / Math.sqrt(products(x, x) * products(y, y));
    }

    private static double[][] centredColumns(double[][] rows) {
        return turned(Arrays.stream(turned(rows)).map(Hand::centred).toArray(double[][]::new));
    }

    /// `||A^T B||^2`
    private static double products(double[][] a, double[][] b) {
        double[][] columns = turned(a);
        double[][] others = turned(b);
        return sum(columns.length, i -> sum(others.length, j -> Math.pow(dot(columns[i], others[j]), 2)));
    }

    /// Channels over the counting positions as unit vectors, two sets under the kernel `(x . y)^2`.
    double discrepancy(int mine, int theirs) {
        double[][] s = channels(student.counting(new Tap.Hidden(mine)));
        double[][] t = channels(teacher.counting(new Tap.Hidden(theirs)));
        return kernel(s, s) + kernel(t, t) - 2 * kernel(s, t);
    }

    private static double[][] channels(double[][] rows) {
        return Arrays.stream(turned(rows)).map(Hand::unit).toArray(double[][]::new);
    }

    private static double kernel(double[][] a, double[][] b) {
        return mean(a.length, i -> mean(b.length, j -> Math.pow(dot(a[i], b[j]), 2)));
    }
}
