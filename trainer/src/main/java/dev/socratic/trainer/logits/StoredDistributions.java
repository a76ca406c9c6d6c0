package dev.socratic.trainer.logits;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/// Stored distributions of several positions as tensors. A position with fewer tokens repeats its first with a mass
/// of 0.
///
/// @param ids      `[tokens, width]` int64
/// @param mass     `[tokens, width]` float32
/// @param tailMass `[tokens]` float32
public record StoredDistributions(NDArray ids, NDArray mass, NDArray tailMass) {

    /// @param targets at least one
    /// @param manager owner of the tensors
    public static StoredDistributions of(List<StoredDistribution> targets, NDManager manager) {
        int width = targets.stream().mapToInt(target -> target.ids().length).max().orElseThrow();
        long[] ids = new long[targets.size() * width];
        float[] mass = new float[ids.length];
        float[] rest = new float[targets.size()];
        for (int row = 0; row < rest.length; row++) {
            StoredDistribution target = targets.get(row);
            for (int i = 0; i < width; i++) {
                boolean own = i < target.ids().length;
                ids[row * width + i] = target.ids()[own ? i : 0];
                mass[row * width + i] = own ? target.mass()[i] : 0;
            }
            rest[row] = target.tailMass();
        }
        Shape shape = new Shape(rest.length, width);
        return new StoredDistributions(manager.create(ids, shape), manager.create(mass, shape), manager.create(rest));
    }
}
