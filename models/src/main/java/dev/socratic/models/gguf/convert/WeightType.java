package dev.socratic.models.gguf.convert;

import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.gguf.GgmlType;

/// In which type the weights of a GGUF are written into a folder.
public enum WeightType {
    /// Nothing is rounded: F32, F16 and BF16 as they are, everything else as F32, which holds a quantised number
    /// exactly.
    LOSSLESS,
    FLOAT32, FLOAT16, BFLOAT16;

    DType of(GgmlType stored) {
        return switch (this) {
            case LOSSLESS -> switch (stored) {
                case F16 -> DType.F16;
                case BF16 -> DType.BF16;
                case F32, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q8_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, Q8_K, IQ2_XXS, IQ2_XS,
                        IQ3_XXS, IQ1_S, IQ4_NL, IQ3_S, IQ2_S, IQ4_XS, I8, I16, I32, I64, F64, IQ1_M, TQ1_0, TQ2_0,
                        MXFP4, NVFP4 -> DType.F32;
            };
            case FLOAT32 -> DType.F32;
            case FLOAT16 -> DType.F16;
            case BFLOAT16 -> DType.BF16;
        };
    }
}
