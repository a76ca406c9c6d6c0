package dev.socratic.models.gguf.convert;

import dev.socratic.models.gguf.GgmlType;
import java.util.List;

/// In which type each tensor of a file of a type is kept, by llama.cpp's own rules (`llama_tensor_get_type` and the
/// converter's): vectors and norms stay float32; what makes the logits has more bits; in `q4_k`, which is its mixture
/// Q4_K_M, so have values and the last matrices of some layers; a row that is no multiple of the block falls back.
///
/// @param type   of the file
/// @param family of the model
/// @param layers of the model
/// @param tied   whether the embedding makes the logits too
record TypeRules(GgmlType type, GgufFamily family, int layers, boolean tied) {
    private static final int LAYERS_OF_70B = 80;

    /// @param name of a tensor in the file
    GgmlType of(String name, List<Long> shape) {
        if (shape.size() < 2 || name.contains("_norm.") || !name.endsWith("weight")) {
            return GgmlType.F32;
        }
        long width = shape.getLast();
        return fitting(wanted(name, width), width);
    }

    /// What the rules say without regard to blocks.
    GgmlType wanted(String name, long width) {
        boolean quantised = type.block() > 1;
        if (!quantised || type == GgmlType.Q8_0) {
            return type;
        }
        if (name.equals("output.weight") || tied && name.equals("token_embd.weight")) {
            return width % type.block() != 0 ? GgmlType.Q8_0 : GgmlType.Q6_K;
        }
        boolean values = name.endsWith("attn_v.weight") || name.endsWith("attn_qkv.weight");
        if (type != GgmlType.Q4_K || !values && !name.endsWith("ffn_down.weight")) {
            return type;
        }
        boolean more = moreBits(Integer.parseInt(name.split("\\.")[1]));
        boolean large = values && layers == LAYERS_OF_70B
                && (family == GgufFamily.LLAMA || family == GgufFamily.QWEN2);
        return more ? GgmlType.Q6_K : large ? GgmlType.Q5_K : GgmlType.Q4_K;
    }

    /// The first and the last eighth of the layers, and every third of the others.
    private boolean moreBits(int layer) {
        return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    }

    /// @return the type itself, or what stands in for it where a row is no multiple of its block
    static GgmlType fitting(GgmlType type, long width) {
        if (width % type.block() == 0) {
            return type;
        }
        GgmlType other = type == GgmlType.Q4_K ? GgmlType.Q5_0
                : type == GgmlType.Q5_K ? GgmlType.Q5_1
                : type == GgmlType.Q6_K ? GgmlType.Q8_0 : GgmlType.F16;
        return width % other.block() == 0 ? other : GgmlType.F16;
    }

    /// @return `general.file_type`
    int fileType() {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case Q4_0 -> 2;
            case Q8_0 -> 7;
            case Q4_K -> 15;
            case Q6_K -> 18;
            case BF16 -> 32;
            case Q4_1, Q5_0, Q5_1, Q8_1, Q2_K, Q3_K, Q5_K, Q8_K, IQ2_XXS, IQ2_XS, IQ3_XXS, IQ1_S, IQ4_NL, IQ3_S, IQ2_S,
                    IQ4_XS, I8, I16, I32, I64, F64, IQ1_M, TQ1_0, TQ2_0, MXFP4, NVFP4 ->
                throw new IllegalArgumentException("a type files are written in; got " + type);
        };
    }
}
