package dev.socratic.cli.recipe;

import dev.socratic.core.config.Aka;
import dev.socratic.core.config.Default;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.engine.Compute;

/// Where a recipe wants to be computed, and in what numbers; `--device`, `--dtype` and `--weights` go before.
///
/// @param device `auto` (a GPU that works, else the processor), `cpu`, `cuda` or `cuda:N`
/// @param dtype  `auto` (float32), `float32`, `bfloat16` or `float16`
/// @param weights in how few bits the matrices of models are kept that only answer or teach
public record ComputeConfig(@Default("auto") String device, @Default("auto") String dtype,
        @Aka({"quantize", "quantization", "load_in_8bit", "load_in_4bit"}) @Default("none") Quantization weights) {
    /// What a recipe means that says nothing of it.
    public static final ComputeConfig AUTO = new ComputeConfig(Compute.Request.AUTO, Compute.Request.AUTO,
            Quantization.NONE);
}
