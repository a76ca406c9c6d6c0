package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FileArrays;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.HashMap;
import java.util.Map;

/// Where the streams between the layers wait from the forward pass to the way back.
public interface KeptStreams extends AutoCloseable {
    /// @param layer  that the stream entered
    /// @param stream `[batch, seq, hidden]`, handed over
    void keep(int layer, NDArray stream);

    /// @param scope owner of the result
    /// @return the same numbers, once
    NDArray take(int layer, NDManager scope);

    @Override
    void close();

    /// @return one that leaves them where they are made
    static KeptStreams onDevice() {
        return new OnDevice(new HashMap<>());
    }

    /// @param mover that knows the way to the machine's own memory and back
    /// @return one that keeps them in the memory of the machine, whatever device computes; of a processor that is where
    ///         they are anyhow
    static KeptStreams inMemory(Mover mover) {
        return new InMemory(mover, new HashMap<>());
    }

    /// @param files  whose they are while they wait; they stay the caller's
    /// @param type   of the streams
    static KeptStreams onDisk(FileArrays files, FloatType type) {
        return new OnDisk(files, type, files.next(), new HashMap<>());
    }

    /// @param streams by layer
    record OnDevice(Map<Integer, NDArray> streams) implements KeptStreams {
        @Override
        public void keep(int layer, NDArray stream) {
            streams.put(layer, stream);
        }

        @Override
        public NDArray take(int layer, NDManager scope) {
            NDArray stream = streams.remove(layer);
            stream.attach(scope);
            return stream;
        }

        @Override
        public void close() {
            streams.values().forEach(NDArray::close);
        }
    }

    /// Between a device and the memory of the machine.
    final class Mover implements AutoCloseable {
        private final Program program;
        private final String device;

        public Mover(NDManager manager) {
            this.program = Program.resource(manager, KeptStreams.class, "/programs/mapped.ts.py");
            this.device = Compute.name(manager.getDevice());
        }

        private NDArray moved(NDArray array, String where) {
            return program.detached("moved", Arg.of(array), Arg.of(where)).singletonOrThrow();
        }

        @Override
        public void close() {
            program.close();
        }
    }

    /// @param streams by layer
    record InMemory(Mover mover, Map<Integer, NDArray> streams) implements KeptStreams {
        @Override
        public void keep(int layer, NDArray stream) {
            streams.put(layer, mover.moved(stream, "cpu"));
            stream.close();
        }

        @Override
        public NDArray take(int layer, NDManager scope) {
            try (NDArray waiting = streams.remove(layer)) {
                NDArray stream = mover.moved(waiting, mover.device);
                stream.attach(scope);
                return stream;
            }
        }

        @Override
        public void close() {
            streams.values().forEach(NDArray::close);
        }
    }

    /// @param pass   number of the pass, for others may wait as well
    /// @param shapes by layer, of those that wait
    record OnDisk(FileArrays files, FloatType type, long pass, Map<Integer, Shape> shapes) implements KeptStreams {
        @Override
        public void keep(int layer, NDArray stream) {
            shapes.put(layer, stream.getShape());
            files.write(file(layer), stream, type);
            stream.close();
        }

        @Override
        public NDArray take(int layer, NDManager scope) {
            NDArray stream = files.read(file(layer), shapes.remove(layer), type, scope);
            files.delete(file(layer));
            return stream;
        }

        private String file(int layer) {
            return "stream_%s_%s".formatted(pass, layer);
        }

        @Override
        public void close() {
            shapes.keySet().forEach(layer -> files.delete(file(layer)));
            shapes.clear();
        }
    }
}
