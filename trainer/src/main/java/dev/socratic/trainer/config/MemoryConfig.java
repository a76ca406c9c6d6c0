package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import java.util.Locale;
import java.util.Optional;

/// Where a training keeps what it needs, and what it makes a second time instead of keeping it. Time is paid for
/// memory, and no numbers change but as `recompute` says.
///
/// @param recompute   what of the forward pass is made again on the way back (gradient checkpointing). Gradients are
///                    the same to the last bit; where an objective reads signals of layers (hidden states, attention
///                    maps), to rounding
/// @param activations where what enters each layer waits for the way back, with `recompute: layers` (activation
///                    offloading)
/// @param optimizerState where the optimiser's moments lie; on disk (`paged_optimizer`) those of the weights that
///                    change at the moment are in memory. On a GPU, `device` alone
/// @param step        when weights change: when all gradients are there, or, with `recompute: layers`, a layer's when
///                    its own are, which are gone then ("LOMO", Lv et al. 2023, arXiv:2306.09782; any optimiser here).
///                    Without the norm of all gradients nothing is clipped
/// @param teacher     whether live teachers lie in memory whole, or are read from their folders layer by layer, in
///                    every pass anew
/// @param limit       most memory that the training may take, such as `16GB`: `micro_tokens` becomes as many whole rows
///                    of `max_seq` as fit into it by what is foretold, and at most what is written
public record MemoryConfig(
        @Default("none") @Alias("gradient_checkpointing") Recompute recompute,
        @Default("device") @Alias("activation_offloading") Place activations,
        @Default("device") @Alias("paged_optimizer") Place optimizerState,
        @Default("after_backward") Step step,
        @Default("loaded") Teacher teacher,
        Optional<String> limit) {
    /// Everything is kept where it is made.
    public static final MemoryConfig USUAL = new MemoryConfig(Recompute.NONE, Place.DEVICE, Place.DEVICE,
            Step.AFTER_BACKWARD, Teacher.LOADED, Optional.empty());

    public MemoryConfig {
        if (activations != Place.DEVICE && recompute == Recompute.NONE) {
            throw new IllegalArgumentException(("activations: what enters each layer waits elsewhere where that "
                    + "is all that is kept; got %s and recompute: none; write recompute: layers too").formatted(
                            label(activations)));
        }
        limit.filter(text -> ByteSize.of(text).isEmpty()).ifPresent(text -> {
            throw new IllegalArgumentException(
                    "limit: an amount of memory such as 16GB or 512MiB; got '%s'".formatted(text));
        });
        if (step == Step.IN_BACKWARD && recompute == Recompute.NONE) {
            throw new IllegalArgumentException("step: in_backward, layer by layer, where layers go back one by one; "
                    + "got recompute: none; write recompute: layers too");
        }
    }

    /// What of the forward pass is made again.
    public enum Recompute {
        /// Nothing: all activations are kept.
        NONE,
        /// Each layer, from the stream that entered it, which alone is kept.
        LAYERS
    }

    /// Where something lies while it waits.
    public enum Place {
        /// In the memory of the device that computes.
        DEVICE,
        /// In the memory of the machine; on a processor that is the same.
        MEMORY,
        /// In files of the run's folder, deleted in the end.
        DISK
    }

    /// When weights change.
    public enum Step {
        AFTER_BACKWARD,
        IN_BACKWARD
    }

    /// Where the weights of live teachers lie.
    public enum Teacher {
        LOADED,
        STREAMED
    }

    /// @return the name users write
    public static String label(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }
}
