package dev.socratic.trainer.step;

import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.FileArrays;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.KeptStreams;
import dev.socratic.trainer.config.MemoryConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// What a step keeps of the student's forward pass, and where.
///
/// @param streams where the streams between the layers of a pass wait, if they alone are kept; otherwise the whole
///                graph is
/// @param closing what goes with it
public record StepMemory(Optional<Supplier<KeptStreams>> streams, Runnable closing) implements AutoCloseable {
    /// All activations, where they are made.
    public static final StepMemory USUAL = new StepMemory(Optional.empty(), () -> { });

    /// @param type    that the student computes in
    /// @param scratch a folder for what waits on the disk
    public static StepMemory of(MemoryConfig config, NDManager manager, FloatType type, Path scratch) {
        if (config.recompute() == MemoryConfig.Recompute.NONE) {
            return USUAL;
        }
        return switch (config.activations()) {
            case DEVICE -> new StepMemory(Optional.of(KeptStreams::onDevice), () -> { });
            case MEMORY -> {
                KeptStreams.Mover mover = new KeptStreams.Mover(manager);
                yield new StepMemory(Optional.of(() -> KeptStreams.inMemory(mover)), mover::close);
            }
            case DISK -> {
                FileArrays files = new FileArrays(manager, scratch);
                yield new StepMemory(Optional.of(() -> KeptStreams.onDisk(files, type)), files::close);
            }
        };
    }

    @Override
    public void close() {
        closing.run();
    }
}
