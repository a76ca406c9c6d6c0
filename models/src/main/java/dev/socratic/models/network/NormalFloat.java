package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.stream.DoubleStream;

/// What the codes of NF4 mean: 16 levels of the numbers, and 256 of their scales.
final class NormalFloat {
    /// Quantiles of a normal distribution, stretched to -1 and 1, with a level for 0 itself; as published with
    /// bitsandbytes. Source: Dettmers et al. 2023, arXiv:2305.14314, appendix E.
    private static final double[] LEVELS = {-1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453,
        -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
        0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1};
    /// Powers of ten that the 8 bits of a scale reach down.
    private static final int DECADES = 7;

    private NormalFloat() {}

    /// @param owner of it
    /// @return float32 `[256, 3]`: of two codes in a byte what the first means, and the second; what the byte means as
    ///         the code of a scale
    static NDArray book(NDManager owner) {
        double[] scales = dynamic();
        float[] book = new float[3 * 256];
        for (int code = 0; code < 256; code++) {
            book[3 * code] = (float) LEVELS[code >> 4];
            book[3 * code + 1] = (float) LEVELS[code & 15];
            book[3 * code + 2] = (float) scales[code];
        }
        return owner.create(book, new Shape(256, 3));
    }

    /// The dynamic tree of 8 bits: in each decade twice as many levels as in the one below, in the middles of equal
    /// parts of 0.1 to 1; of either sign; 0; and 1. Source: Dettmers et al. 2022, arXiv:2110.02861, section 1.3.
    private static double[] dynamic() {
        DoubleStream.Builder all = DoubleStream.builder().add(0).add(1);
        for (int decade = 0; decade < DECADES; decade++) {
            int parts = 1 << decade;
            for (int part = 0; part < parts; part++) {
                double level = Math.pow(10, decade - DECADES + 1) * (0.1 + 0.9 * (part + 0.5) / parts);
                all.add(level).add(-level);
            }
        }
        return all.build().sorted().toArray();
    }
}
