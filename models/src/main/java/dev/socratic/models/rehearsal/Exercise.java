package dev.socratic.models.rehearsal;

import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Compute;

/// A piece of real work of a second or less, so small that it runs anywhere: what laws and the self-test of `doctor`
/// watch the programs at.
///
/// @param name what it is, in a word or two
/// @param work does it; the same calls in the same order whatever it is computed on and in
public record Exercise(String name, Work work) {
    /// Does the work.
    @FunctionalInterface
    public interface Work {
        /// @param compute where and in what numbers
        /// @param manager on that device, of everything it makes
        void run(Compute compute, NDManager manager);
    }

    /// Does it once, and gives back all it took.
    public void run(Compute compute) {
        try (NDManager manager = compute.manager()) {
            work.run(compute, manager);
        }
    }
}
