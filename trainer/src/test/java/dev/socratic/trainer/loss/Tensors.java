package dev.socratic.trainer.loss;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Kind;
import dev.socratic.trainer.objective.View;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/// A workbench for laws: arrays, distances of them, gradients.
final class Tensors implements AutoCloseable {
    final NDManager manager = Engines.manager();
    final Kernel kernel = new Kernel(manager);
    final Views views = new Views(kernel);
    final Distances distances = new Distances(kernel);

    NDArray random(long seed, double deviation, long... shape) {
        Random random = new Random(seed);
        float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return manager.create(values, new Shape(shape));
    }

    NDArray rows(float[]... rows) {
        return manager.create(rows);
    }

    /// A signal of a kind: probabilities are a softmax, everything else is as drawn.
    NDArray of(Kind kind, long seed, double deviation, long... shape) {
        NDArray drawn = random(seed, deviation, shape);
        return kind == Kind.PROBS ? drawn.softmax(-1) : drawn;
    }

    float[] between(Distance distance, Kind kind, NDArray student, NDArray other) {
        return distances.between(distance, sides(kind, student, other)).toFloatArray();
    }

    static Sides sides(Kind kind, NDArray student, NDArray other) {
        return new Sides(student, other, kind, Sides.Items.TOKENS, Optional.empty());
    }

    Sides seen(List<View> list, Kind kind, NDArray student, NDArray other, ViewContext setting) {
        return views.apply(list, sides(kind, student, other), setting);
    }

    ViewContext labels(long... labels) {
        return ViewContext.ofTokens(0.5, manager.create(labels));
    }

    /// @param loss of the student's side, any shape
    /// @return gradient of its sum
    float[] gradient(NDArray student, Function<NDArray, NDArray> loss) {
        NDArray leaf = student.duplicate();
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            leaf.setRequiresGradient(true);
            NDArray value = loss.apply(leaf);
            JniUtils.backward((PtNDArray) value, (PtNDArray) manager.ones(value.getShape()), false, false);
            return JniUtils.getGradient((PtNDArray) leaf).toFloatArray();
        }
    }

    /// At a dozen places.
    ///
    /// @param step of the differences
    /// @return the largest gap between the gradient and central differences, as a share of the largest slope
    double slopeGap(NDArray student, double step, Function<NDArray, NDArray> loss) {
        float[] gradient = gradient(student, loss);
        float[] values = student.toFloatArray();
        double gap = 0;
        double largest = 1e-3;
        for (int i = 0; i < values.length; i += 1 + values.length / 12) {
            double slope = (at(student, values, i, step, loss) - at(student, values, i, -step, loss)) / (2 * step);
            gap = Math.max(gap, Math.abs(slope - gradient[i]));
            largest = Math.max(largest, Math.abs(slope));
        }
        return gap / largest;
    }

    private double at(NDArray student, float[] values, int i, double step, Function<NDArray, NDArray> loss) {
        float[] moved = values.clone();
        moved[i] += (float) step;
        return sum(loss.apply(manager.create(moved, student.getShape())).toFloatArray());
    }

    static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    @Override
    public void close() {
        kernel.close();
        manager.close();
    }

    double[] doubles(NDArray x) {
        float[] values = x.toFloatArray();
        double[] all = new double[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i];
        }
        return all;
    }
}
