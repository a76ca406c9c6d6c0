package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
}
