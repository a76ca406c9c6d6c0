package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// A decoder that reads many batches and is asked for nothing but what it expects, with its weights in memory or on
/// disk. Both give the same bits.
public sealed interface ForwardPass extends AutoCloseable permits ForwardPass.Resident, OffloadedPass {
    ModelConfig config();

    /// @param batches padded on the right
    /// @param manager of what lives for the call
    /// @param reader  is handed each batch once, in their order
    void states(List<Padded> batches, NDManager manager, Reader reader);

    /// @param states final ones, `[.., hidden]`
    /// @return logits, `[.., vocab]`, float32
    NDArray logits(NDArray states);

    @Override
    void close();

    /// Takes what was read.
    @FunctionalInterface
    interface Reader {
        /// @param batch  which of them
        /// @param states final ones, `[batch, seq, hidden]`, gone after the call
        void read(int batch, NDArray states);
    }

    /// @param offload as decided: [Offload#decided]
    /// @throws dev.socratic.core.error.DataException with all that is wrong with the folder
    static ForwardPass open(Path folder, NDManager manager, Compute compute, Offload offload) {
        return switch (offload) {
            case AUTO, NEVER -> new Resident(Decoder.load(folder, manager, compute));
            case ALWAYS -> OffloadedPass.open(folder, manager,
                    compute.oneDevice("a model whose layers are streamed").weights(), compute.compute(),
                    compute.quantization(), Engines.memory() / Offload.STREAM_SHARE);
        };
    }

    /// With all weights in memory.
    record Resident(Decoder decoder) implements ForwardPass {
        @Override
        public ModelConfig config() {
            return decoder.config();
        }

        @Override
        public void states(List<Padded> batches, NDManager manager, Reader reader) {
            for (int i = 0; i < batches.size(); i++) {
                try (NDManager step = manager.newSubManager()) {
                    Padded batch = batches.get(i);
                    reader.read(i, decoder.forward(batch.array(step), batch.lengths(), Set.of(), false).states());
                }
            }
        }

        @Override
        public NDArray logits(NDArray states) {
            return decoder.logits(states, false);
        }

        @Override
        public void close() {
            decoder.close();
        }
    }
}
