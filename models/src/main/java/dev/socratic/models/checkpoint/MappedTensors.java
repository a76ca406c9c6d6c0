package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/// Lets libtorch map files: numbers of any type, of files of any size, turned into another type by its own vectorised
/// loops on all threads.
///
/// Whoever cuts a mapped file short while it is read ends the process. Nothing of ours does that: files are replaced
/// by renaming. The engine is loaded at the first array, so that whoever only looks at headers does without.
final class MappedTensors implements AutoCloseable {
    private Optional<Engine> engine = Optional.empty();

    private record Engine(NDManager own, Program program) {}

    /// @param file  exists and has at least `(at + count) * dtype.bytes()` bytes
    /// @param at    numbers of this type before the first
    /// @param count how many
    /// @param type  they are wanted in
    /// @return a copy, `[count]`, on `manager`
    NDArray copied(Path file, DType dtype, long at, long count, FloatType type, NDManager manager) {
        try (NDArray like = manager.create(0f)) {
            // With a graph, though none is asked for: what runs without one can never be trained.
            return engine().program().withGraphIn(manager, "copied", name(file), Arg.of(at), Arg.of(at + count),
                    Arg.of(dtype.torch()), Arg.of(type.number()), Arg.of(like)).singletonOrThrow();
        }
    }

    /// @return the numbers in their own type, `[count]`, on `manager`; they are read when they are used, and changing
    ///         them changes no file
    NDArray stored(Path file, DType dtype, long at, long count, NDManager manager) {
        return engine().program().withGraphIn(manager, "stored", name(file), Arg.of(at), Arg.of(at + count),
                Arg.of(dtype.torch())).singletonOrThrow();
    }

    /// @return the same numbers in another type, on the manager of the array; the array itself where it has that type
    NDArray rounded(NDArray numbers, FloatType type) {
        return engine().program().withGraph("rounded", Arg.of(numbers), Arg.of(type.number())).singletonOrThrow();
    }

    /// The bytes of its name, for a `str` of the native side knows no letter beyond 16 bits.
    private static Arg name(Path file) {
        byte[] bytes = file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        return Arg.of(IntStream.range(0, bytes.length).mapToLong(i -> bytes[i] & 0xff).toArray());
    }

    /// @param numbers floating-point, of any type
    /// @return whether all of them are finite as float32
    boolean finite(NDArray numbers) {
        if (numbers.size() == 0) {
            return true;
        }
        try (NDArray extremes = engine().program().withGraph("extremes", Arg.of(numbers))
                .singletonOrThrow(); NDArray plain = extremes.stopGradient()) {
            float[] both = plain.toFloatArray();
            return Float.isFinite(both[0]) && Float.isFinite(both[1]);
        }
    }

    private Engine engine() {
        if (engine.isEmpty()) {
            NDManager own = Compute.CPU.manager();
            engine = Optional.of(new Engine(own, Program.resource(own, MappedTensors.class, "/programs/mapped.ts.py")));
        }
        return engine.get();
    }

    @Override
    public void close() {
        engine.ifPresent(running -> {
            running.program().close();
            running.own().close();
        });
        engine = Optional.empty();
    }
}
