package dev.socratic.models.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.io.IoProblems;
import dev.socratic.models.engine.Program.Arg;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Arrays whose numbers lie in the files of a folder, for what need not be in memory all the time. A file is mapped
/// while its array is there; what is written stays with the operating system, which puts it on the disk when it wants
/// the memory.
///
/// What lies here is of one process and worth nothing to the next: the folder is empty in the beginning and gone in the
/// end.
public final class FileArrays implements AutoCloseable {
    private final Path folder;
    private final NDManager own;
    private final NDManager processor;
    private final Program program;
    private long next;

    /// @param manager on the device of what is written and read
    /// @param folder  whose files are deleted
    public FileArrays(NDManager manager, Path folder) {
        this.folder = folder;
        clear();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        }
        this.own = manager.newSubManager();
        this.processor = Compute.CPU.manager();
        this.program = Program.resource(own, FileArrays.class, "/programs/mapped.ts.py");
    }

    /// Writes an array, whatever lay under that name.
    public void write(String name, NDArray values, FloatType type) {
        try (NDManager scope = processor.newSubManager()) {
            NDArray file = mapped(name, values.size(), type.number(), scope);
            program.runIn(scope, "fill", Arg.of(file), Arg.of(values));
        }
    }

    /// @param owner of the result, on the device
    /// @return a copy of what was written under that name, which may become the start of a graph
    public NDArray read(String name, Shape shape, FloatType type, NDManager owner) {
        try (NDManager scope = processor.newSubManager(); NDArray like = owner.zeros(new Shape())) {
            NDArray file = mapped(name, shape.size(), type.number(), scope);
            NDArray copy = program.detached("taken", Arg.of(file), Arg.of(like), Arg.of(shape.getShape()))
                    .singletonOrThrow();
            copy.attach(owner);
            return copy;
        }
    }

    /// What was written under that name is not needed any more.
    public void delete(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw IoProblems.writing(folder.resolve(name), e);
        }
    }

    /// @return a number that this has not given yet, for names
    public long next() {
        return next++;
    }

    /// @return zeros on the processor that lie in a new file: `[shape]`, float32 or uint8, mapped and changed in place
    public NDArray zeros(String name, Shape shape, DataType type, NDManager owner) {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
            file.setLength(Math.max(1, shape.size()) * type.getNumOfBytes());
        } catch (IOException e) {
            throw IoProblems.writing(folder.resolve(name), e);
        }
        try (NDManager scope = processor.newSubManager()) {
            NDArray shaped = mapped(name, shape.size(), number(type), scope).reshape(shape);
            shaped.getShape(); // known to Java from now on
            shaped.attach(owner);
            return shaped;
        }
    }

    /// Lets go of the memory of an array that [#zeros] made; what it holds stays in its file.
    public void unmap(NDArray array) {
        try (NDManager scope = processor.newSubManager()) {
            program.runIn(scope, "unmap", Arg.of(array));
        }
    }

    /// Lets it have it again.
    public void map(String name, NDArray array) {
        try (NDManager scope = processor.newSubManager()) {
            Shape shape = array.getShape();
            NDArray file = mapped(name, shape.size(), number(array.getDataType()), scope);
            program.runIn(scope, "lie", Arg.of(array), Arg.of(file), Arg.of(shape.getShape()));
        }
    }

    private static int number(DataType type) {
        return type == DataType.UINT8 ? 0 : FloatType.FLOAT32.number();
    }

    private NDArray mapped(String name, long numbers, int type, NDManager owner) {
        return program.withGraphIn(owner, "shared", name(folder.resolve(name)), Arg.of(numbers), Arg.of(type))
                .singletonOrThrow();
    }

    /// The bytes of its name, for a `str` of the native side knows no letter beyond 16 bits.
    private static Arg name(Path file) {
        byte[] bytes = file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        return Arg.of(IntStream.range(0, bytes.length).mapToLong(i -> bytes[i] & 0xff).toArray());
    }

    private void clear() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        }
    }

    @Override
    public void close() {
        program.close();
        own.close();
        processor.close();
        clear();
    }
}
