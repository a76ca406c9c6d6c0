package dev.socratic.models.rehearsal;

import dev.socratic.models.engine.FloatType;

/// How far a result in a type may be from the processor's in float32: about twice (half precision) what the processor's
/// own rounding makes of it over two layers of random weights, and in float32 what sums in another order may.
public final class Tolerance {
    private Tolerance() {}

    /// @return largest |ours - other| / |other|
    public static double of(FloatType type) {
        return switch (type) {
            case FLOAT32 -> 1e-4;
            case BFLOAT16 -> 0.25;
            case FLOAT16 -> 0.03;
        };
    }
}
