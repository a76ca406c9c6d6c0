package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.seed.Seeds;
import java.util.SplittableRandom;

/// Random weights that are the same on every machine: the generator is specified by the JDK, the transform uses
/// strict arithmetic.
final class Initial {
    /// Numbers that are on the Java heap at a time; an embedding has hundreds of millions. Even, for normals come in
    /// pairs.
    private static final int BLOCK = 1 << 20;

    private Initial() {}

    /// @return the random weights of an entry, in native memory
    static NDArray array(long seed, WeightPlan.Entry entry, double deviation, NDManager own) {
        Normals normals = new Normals(seed, entry.name(), deviation);
        NDArray flat = own.zeros(new Shape(entry.size()));
        try (NDManager scope = own.newSubManager()) {
            for (long at = 0; at < entry.size(); at += BLOCK) {
                long end = Math.min(entry.size(), at + BLOCK);
                flat.set(new NDIndex(at + ":" + end), scope.create(normals.next((int) (end - at))));
            }
        }
        NDArray shaped = flat.reshape(entry.shape());
        flat.close();
        return shaped;
    }

    /// @return numbers that are uniform from `-bound` to `bound`, in native memory
    static NDArray uniform(long seed, String name, Shape shape, double bound, NDManager own) {
        SplittableRandom random = Seeds.random(seed, "weights", name);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return own.create(values, shape);
    }

    /// @return the first numbers of a weight's stream
    static float[] normal(long seed, String name, int count, double deviation) {
        return new Normals(seed, name, deviation).next(count);
    }

    /// Each weight has a stream of its own, so that a layer more or less leaves the others as they are.
    static final class Normals {
        private final SplittableRandom random;
        private final double deviation;

        /// @param deviation standard deviation; the mean is 0
        Normals(long seed, String name, double deviation) {
            this.random = Seeds.random(seed, "weights", name);
            this.deviation = deviation;
        }

        /// @param count how many; an odd number only at the end
        float[] next(int count) {
            float[] values = new float[count];
            for (int i = 0; i < count; i += 2) { // Box and Muller 1958: two uniforms give two normals
                double radius = deviation * StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
                double angle = 2 * Math.PI * random.nextDouble();
                values[i] = (float) (radius * StrictMath.cos(angle));
                if (i + 1 < count) {
                    values[i + 1] = (float) (radius * StrictMath.sin(angle));
                }
            }
            return values;
        }
    }
}
