package dev.socratic.trainer.step;

import dev.socratic.trainer.loss.ObjectiveLoss;

/// A copy of the student on another device, which computes a share of each step's micro-batches.
///
/// @param number   of it among the copies
/// @param copies   of the student's weights
/// @param backward of the copy
/// @param loss     the objective, on its device
public record Replica(int number, WeightCopies copies, Backward backward, ObjectiveLoss loss) {
    /// @return this, with the student's weights as they are now
    Replica synced() {
        copies.of(number);
        return this;
    }
}
