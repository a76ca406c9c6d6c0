package dev.socratic.models.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.seed.Seeds;
import java.util.SplittableRandom;

/// Random weights that are the same on every machine: the generator is specified by the JDK, the transform uses strict arithmetic.
final class Initial {
    private Initial() {}

    /// @return the random weights of an entry, in native memory
    static NDArray array(long seed, WeightPlan.Entry entry, double deviation, NDManager own) {
        float[] values = normal(seed, entry.name(), Math.toIntExact(entry.size()), deviation);
        try (NDArray borrowed = own.create(values, entry.shape())) {
            return borrowed.duplicate(); // what is created from Java stays in a Java buffer
        }
    }

    /// Each weight has a stream of its own, so that a layer more or less leaves the others as they are.
    ///
    /// @param deviation standard deviation; the mean is 0
    static float[] normal(long seed, String name, int count, double deviation) {
        SplittableRandom random = Seeds.random(seed, "weights", name);
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
