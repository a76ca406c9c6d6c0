package dev.socratic.trainer.config;

import dev.socratic.models.checkpoint.DType;

/// Number format of the saved weights. The weights that are trained, and checkpoints, are float32 whatever is chosen
/// here.
public enum SavedType {
    FLOAT32,
    BFLOAT16,
    FLOAT16;

    /// @return its name in safetensors
    public DType stored() {
        return switch (this) {
            case FLOAT32 -> DType.F32;
            case BFLOAT16 -> DType.BF16;
            case FLOAT16 -> DType.F16;
        };
    }
}
