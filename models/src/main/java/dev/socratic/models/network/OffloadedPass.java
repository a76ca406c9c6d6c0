package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A decoder whose layers stay in the checkpoint. Many batches go through the first layer, then all of them through the
/// second, so that each layer is read once for all; while one computes, the next is read.
///
/// In memory at a time: embedding, last norm and head; two layers; the factors of an adapter; the streams of as many
/// batches as [#room] holds, `tokens x hidden` numbers; and the activations of one batch in one layer. What does not
/// fit into the room is read in further passes over the layers.
final class OffloadedPass implements ForwardPass {
    private final ModelConfig config;
    private final Decoder decoder;
    private final long room;

    private OffloadedPass(Decoder decoder, long room) {
        this.config = decoder.config();
        this.decoder = decoder;
        this.room = room;
    }

    /// @param room bytes of the streams between the layers; a single batch may take more
    static OffloadedPass open(Path folder, NDManager manager, FloatType held, FloatType compute,
            Quantization quantization, long room) {
        return new OffloadedPass(StreamedLayers.decoder(folder, manager, held, compute, quantization), room);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public NDArray logits(NDArray states) {
        return decoder.logits(states, false);
    }

    @Override
    public void states(List<Padded> batches, NDManager manager, Reader taker) {
        for (int from = 0, to; from < batches.size(); from = to) {
            to = from + 1;
            for (long bytes = bytes(batches.get(from)); to < batches.size(); to++) {
                bytes += bytes(batches.get(to));
                if (bytes > room) {
                    break;
                }
            }
            try (NDManager pass = manager.newSubManager()) {
                together(batches.subList(from, to), from, pass, taker);
            }
        }
    }

    private long bytes(Padded batch) {
        return (long) batch.rows() * batch.seq() * config.hidden() * decoder.compute().bytes();
    }

    private void together(List<Padded> batches, int first, NDManager pass, Reader taker) {
        List<NDArray> streams = new ArrayList<>();
        for (Padded batch : batches) {
            try (NDManager step = pass.newSubManager()) {
                streams.add(kept(decoder.embedded(batch.array(step), false), pass)); // [batch, seq, hidden]
            }
        }
        decoder.streamed().walk(0, config.layers(), (layer, arrays) -> {
            for (int i = 0; i < streams.size(); i++) {
                streams.set(i, through(layer, arrays, streams.get(i), batches.get(i).lengths(), pass));
            }
        });
        for (int i = 0; i < streams.size(); i++) {
            try (NDManager step = pass.newSubManager()) {
                NDArray stream = streams.get(i);
                stream.attach(step);
                taker.read(first + i, decoder.ended(stream, false));
            }
        }
    }

    private NDArray through(int layer, List<NDArray> arrays, NDArray stream, int[] lengths, NDManager pass) {
        try (NDManager step = pass.newSubManager()) {
            stream.attach(step);
            return kept(decoder.layer(stream, lengths, layer, arrays), pass); // [batch, seq, hidden]
        }
    }

    private static NDArray kept(NDArray array, NDManager owner) {
        array.attach(owner);
        return array;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
