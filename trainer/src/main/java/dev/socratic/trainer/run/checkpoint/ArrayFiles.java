package dev.socratic.trainer.run.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.checkpoint.SafetensorsWriter;
import dev.socratic.models.checkpoint.TensorInfo;
import dev.socratic.trainer.step.InPlace;
import java.nio.file.Path;
import java.util.Map;

/// Float32 arrays that are known beforehand, in and out of a safetensors file.
///
/// Reading fills arrays that exist, by name, and refuses a file whose names or shapes differ: a checkpoint fits its
/// run or is none of it.
final class ArrayFiles {
    private ArrayFiles() {}

    static void write(Path file, Map<String, NDArray> arrays) {
        SafetensorsWriter.write(file, arrays, DType.F32);
    }

    /// @param manager of what the reading takes
    static void read(Path file, Map<String, NDArray> arrays, NDManager manager) {
        try (Safetensors stored = Safetensors.open(file); InPlace inPlace = new InPlace(manager)) {
            if (!stored.tensors().keySet().equals(arrays.keySet())) {
                throw broken(file, "%s other arrays".formatted(stored.tensors().size()));
            }
            arrays.forEach((name, array) -> {
                TensorInfo info = stored.tensors().get(name);
                if (!info.djlShape().equals(array.getShape())) {
                    throw broken(file,
                            "'%s' of shape %s instead of %s".formatted(name, info.djlShape(), array.getShape()));
                }
                try (NDManager scope = array.getManager().newSubManager()) {
                    inPlace.assign(array, stored.read(name, scope));
                }
            });
        }
    }

    private static DataException broken(Path file, String got) {
        return new DataException(
                file.toString(), "a checkpoint of this run", got,
                "the file is damaged: delete its folder, and the run goes on from the one before");
    }
}
