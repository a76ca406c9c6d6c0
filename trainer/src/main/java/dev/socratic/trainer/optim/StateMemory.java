package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.function.Consumer;

/// Where an optimiser's state lies.
@FunctionalInterface
public interface StateMemory {
    /// @param name  of the state, `first.<weight>`
    /// @param shape of it
    /// @return zeros that live as long as the optimiser, where programs can change them in place
    NDArray zeros(String name, Shape shape, DataType type);

    /// Changes weights, some at a time where the state of all need not be in memory together.
    ///
    /// @param gradients by the name of their weight
    /// @param step      changes those weights and their state
    default void during(Map<String, NDArray> gradients, Consumer<Map<String, NDArray>> step) {
        step.accept(gradients);
    }

    /// All of the state can be read and changed from now on, until the next step.
    default void open() {}
}
