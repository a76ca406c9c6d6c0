package dev.socratic.trainer.run.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.socratic.core.error.DataException;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Outgoing;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.checkpoint.SafetensorsWriter;
import dev.socratic.models.checkpoint.TensorInfo;
import dev.socratic.trainer.step.InPlace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Arrays that are known beforehand, float32 or uint8, in and out of a safetensors file.
///
/// Reading fills arrays that exist, by name, and refuses a file whose names or shapes differ: a checkpoint fits its
/// run or is none of it.
final class ArrayFiles {
    private static final int BLOCK = 1 << 20;

    private ArrayFiles() {}

    static void write(Path file, Map<String, NDArray> arrays) {
        SafetensorsWriter.write(file, arrays.entrySet().stream().flatMap(one -> isCodes(one.getValue())
                ? Stream.of(codes(one.getKey(), one.getValue()))
                : Outgoing.of(Map.of(one.getKey(), one.getValue()), DType.F32).stream()).toList());
    }

    private static boolean isCodes(NDArray array) {
        return array.getDataType() == DataType.UINT8;
    }

    private static Outgoing codes(String name, NDArray array) {
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        return new Outgoing(name, DType.U8, shape, out -> {
            for (long at = 0; at < array.size(); at += BLOCK) {
                try (NDArray part = array.get(at + ":" + Math.min(array.size(), at + BLOCK))) {
                    out.write(part.toByteArray());
                }
            }
        });
    }

    /// @param manager of what the reading takes
    static void read(Path file, Map<String, NDArray> arrays, NDManager manager) {
        try (Safetensors stored = Safetensors.open(file); InPlace inPlace = new InPlace(manager)) {
            if (!stored.tensors().keySet().equals(arrays.keySet())) {
                throw broken(file, "%s other arrays".formatted(stored.tensors().size()));
            }
            arrays.forEach((name, array) -> {
                TensorInfo info = stored.tensors().get(name);
                if (isCodes(array) != (info.dtype() == DType.U8)) {
                    throw broken(file, "'%s' as %s".formatted(name, info.dtype()));
                }
                if (!info.djlShape().equals(array.getShape())) {
                    throw broken(file,
                            "'%s' of shape %s instead of %s".formatted(name, info.djlShape(), array.getShape()));
                }
                try (NDManager scope = array.getManager().newSubManager()) {
                    inPlace.assign(array, isCodes(array) ? stored.stored(name, scope) : stored.read(name, scope));
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
