package dev.socratic.trainer.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/// Where an optimiser's state lies.
@FunctionalInterface
public interface StateMemory {
    /// @param name  of the state, `first.<weight>`
    /// @param shape of it
    /// @return zeros that live as long as the optimiser, where programs can change them in place
    NDArray zeros(String name, Shape shape, DataType type);
}
