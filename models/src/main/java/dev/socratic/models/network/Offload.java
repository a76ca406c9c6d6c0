package dev.socratic.models.network;

import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/// Whether the layers of a model that only reads stay on disk and are read from there, one after the other.
public enum Offload {
    /// Where the weights take more than four fifths of the machine's memory, or of the container's; never for a GPU,
    /// whose memory nobody asks.
    AUTO,
    NEVER,
    ALWAYS;

    /// What streams between the layers take of the memory: one part in so many.
    static final long STREAM_SHARE = 8;
    private static final double MOST = 0.8;
    private static final double GIB = 1L << 30;

    /// @return the name users write
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param folder of a model or an adapter
    /// @param talk   is told on one line where layers stay on disk
    /// @return [#NEVER] or [#ALWAYS]
    public Offload decided(Path folder, Compute compute, Consumer<String> talk) {
        return decided(folder, compute, Engines.memory(), talk);
    }

    /// @param memory bytes
    Offload decided(Path folder, Compute compute, long memory, Consumer<String> talk) {
        ModelConfig config = ModelConfig.read(AdapterFolder.is(folder) ? AdapterFolder.base(folder) : folder);
        double weights = (double) config.parameters() * compute.weights().bytes();
        boolean offloaded = switch (this) {
            case AUTO -> !compute.device().isGpu() && weights > MOST * memory;
            case NEVER -> false;
            case ALWAYS -> true;
        };
        if (offloaded) {
            long tokens = memory / STREAM_SHARE / config.hidden() / compute.compute().bytes();
            talk.accept(String.format(Locale.ROOT, "%s: weights of %.2f GiB in %s, memory of %.2f GiB: layers stay on "
                    + "disk and are read one after the other, each once for up to %,d tokens", folder, weights / GIB,
                    compute.weights().label(), memory / GIB, tokens));
        }
        return offloaded ? ALWAYS : NEVER;
    }
}
