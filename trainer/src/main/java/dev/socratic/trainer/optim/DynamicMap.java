package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The 256 values that a number of 8 bits stands for, in units of the largest of its block: 0, 1, and in each of seven
/// powers of ten from 1e-7 up the middles of equal parts between a tenth and the whole of it, twice as many in each as
/// in the one below. Signed ones are there with both signs.
///
/// Source: Dettmers et al. 2021, arXiv:2110.02861, section 1.3 and appendix; counts are bitsandbytes'.
final class DynamicMap {
    private static final int POWERS = 7;

    private DynamicMap() {}

    /// @return rising, 256 numbers
    static float[] values(boolean signed) {
        List<Float> all = new ArrayList<>(List.of(0f, 1f));
        for (int power = 0; power < POWERS; power++) {
            int parts = 1 << (signed ? power : power + 1);
            double scale = Math.pow(10, power - (POWERS - 1));
            for (int part = 0; part < parts; part++) {
                float middle = (float) (scale * (0.1 + 0.9 * (part + 0.5) / parts));
                all.add(middle);
                if (signed) {
                    all.add(-middle);
                }
            }
        }
        float[] values = new float[all.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = all.get(i);
        }
        Arrays.sort(values);
        return values;
    }

    /// @return where the nearest value changes, one fewer
    static float[] middles(float[] values) {
        float[] middles = new float[values.length - 1];
        for (int i = 0; i < middles.length; i++) {
            middles[i] = (float) (((double) values[i] + values[i + 1]) / 2);
        }
        return middles;
    }

    /// @return signed, its middles, unsigned, its middles
    static List<NDArray> arrays(NDManager manager) {
        float[] signed = values(true);
        float[] unsigned = values(false);
        List<NDArray> arrays = new ArrayList<>();
        for (float[] each : List.of(signed, middles(signed), unsigned, middles(unsigned))) {
            try (NDArray borrowed = manager.create(each)) {
                arrays.add(borrowed.duplicate()); // into native memory
            }
        }
        return arrays;
    }
}
