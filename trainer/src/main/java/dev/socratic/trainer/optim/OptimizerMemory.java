package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.FileArrays;
import dev.socratic.trainer.config.MemoryConfig;
import java.nio.file.Path;

/// The memory of a training's optimiser.
///
/// @param state   where its state lies
/// @param closing what goes with it
public record OptimizerMemory(StateMemory state, Runnable closing) implements AutoCloseable {
    /// @param scratch a folder for what lies on the disk
    public static OptimizerMemory of(MemoryConfig config, NDManager manager, Path scratch) {
        return switch (config.optimizerState()) {
            // The machine's memory is the processor's own.
            case DEVICE, MEMORY -> new OptimizerMemory((name, shape, type) -> manager.zeros(shape, type), () -> { });
            case DISK -> {
                FileArrays files = new FileArrays(manager, scratch);
                yield new OptimizerMemory(new PagedState(files, manager), files::close);
            }
        };
    }

    @Override
    public void close() {
        closing.run();
    }
}
