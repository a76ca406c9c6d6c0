package dev.socratic.cli.recipe;

import dev.socratic.core.config.Default;
import dev.socratic.models.engine.Compute;

/// Where a recipe wants to be computed, and in what numbers; `--device` and `--dtype` go before.
///
/// @param device `auto` (a GPU that works, else the processor), `cpu`, `cuda` or `cuda:N`
/// @param dtype  `auto` (float32), `float32`, `bfloat16` or `float16`
public record ComputeConfig(@Default("auto") String device, @Default("auto") String dtype) {
    /// What a recipe means that says nothing of it.
    public static final ComputeConfig AUTO = new ComputeConfig(Compute.Request.AUTO, Compute.Request.AUTO);
}
