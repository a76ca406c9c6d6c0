package dev.socratic.trainer.config;

import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import java.util.Locale;

/// Where a training keeps what it needs, and what it makes a second time instead of keeping it. Time is paid for
/// memory, and no numbers change but as `recompute` says.
///
/// @param recompute what of the forward pass is made again on the way back (gradient checkpointing). Gradients are the
///                  same to the last bit; where an objective reads signals of layers (hidden states, attention maps),
///                  to rounding
public record MemoryConfig(@Default("none") @Alias("gradient_checkpointing") Recompute recompute) {
    /// Everything is kept where it is made.
    public static final MemoryConfig USUAL = new MemoryConfig(Recompute.NONE);

    /// What of the forward pass is made again.
    public enum Recompute {
        /// Nothing: all activations are kept.
        NONE,
        /// Each layer, from the stream that entered it, which alone is kept.
        LAYERS;

        /// @return the name users write
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
