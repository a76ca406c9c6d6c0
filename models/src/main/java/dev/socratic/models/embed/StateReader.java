package dev.socratic.models.embed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.Padded;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.models.text.Enclosure;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/// Hidden states of texts, one vector each, of a decoder or an encoder.
///
/// Layers count as transformers' `hidden_states` do: 0 is the embedding, `n` what stands behind layer `n`, and the last
/// the final states as the head reads them, behind the last norm.
public final class StateReader implements AutoCloseable {
    /// How the states of a text's tokens become one vector.
    public enum Pool {
        /// Their mean.
        MEAN,
        /// That of the last token, the only one of a decoder that has read the whole text.
        LAST,
        /// That of the first token, `[CLS]` of an encoder.
        FIRST;

        /// @return how much of the vector a token is, of so many
        private float share(int at, int tokens) {
            return switch (this) {
                case MEAN -> 1f / tokens;
                case LAST -> at == tokens - 1 ? 1 : 0;
                case FIRST -> at == 0 ? 1 : 0;
            };
        }
    }

    private interface Network {
        Signals forward(Padded batch, Set<Tap> taps, NDManager step);
    }

    private final NDManager manager;
    private final Tokenizer tokenizer;
    private final UnaryOperator<long[]> around;
    private final Network network;
    private final int layers;
    private final int hidden;
    private final int context;

    private StateReader(NDManager manager, Tokenizer tokenizer, UnaryOperator<long[]> around, Network network,
            int layers, int hidden, int context) {
        this.manager = manager;
        this.tokenizer = tokenizer;
        this.around = around;
        this.network = network;
        this.layers = layers;
        this.hidden = hidden;
        this.context = context;
    }

    /// @param folder of a decoder, an adapter or an encoder; encoders compute in float32 on the processor
    /// @throws dev.socratic.core.error.DataException with all that is wrong with it
    public static StateReader open(Path folder, Compute compute) {
        boolean encoder = EncoderConfig.isOf(folder);
        NDManager manager = encoder
                ? compute.only("an encoder", FloatType.FLOAT32).manager() : compute.manager();
        try {
            return encoder ? encoder(folder, manager) : decoder(folder, manager, compute);
        } catch (RuntimeException failed) {
            manager.close();
            throw failed;
        }
    }

    private static StateReader decoder(Path folder, NDManager manager, Compute compute) {
        Decoder decoder = Decoder.load(folder, manager, compute.weights(), compute.compute());
        ModelConfig config = decoder.config();
        Tokenizer tokenizer = Tokenizer.open(folder);
        TextMarks marks = TextMarks.of(folder, tokenizer);
        return new StateReader(manager, tokenizer, ids -> LongStream.concat(marks.start().stream()
                .limit(marks.before(ids)).mapToLong(Long::longValue), Arrays.stream(ids)).toArray(),
                (batch, taps, step) -> decoder.forward(batch.array(step), batch.lengths(), taps, false),
                config.layers(), config.hidden(), config.context());
    }

    private static StateReader encoder(Path folder, NDManager manager) {
        Encoder encoder = withOrWithoutHead(folder, manager);
        EncoderConfig config = encoder.config();
        Enclosure marks = Enclosure.of(folder);
        return new StateReader(manager, Tokenizer.open(folder), marks::around, (batch, taps, step) ->
                encoder.forward(batch.array(step), step.create(Arrays.stream(batch.lengths()).asLongStream().toArray()),
                        taps, false),
                config.layers(), config.hidden(), config.context());
    }

    private static Encoder withOrWithoutHead(Path folder, NDManager manager) {
        try {
            return Encoder.load(folder, manager);
        } catch (DataException noHead) {
            return Encoder.body(folder, manager);
        }
    }

    /// @return numbers of a vector
    public int width() {
        return hidden;
    }

    /// @return longest text in tokens, those around it included
    public int context() {
        return context;
    }

    /// @return the number of the last layer
    public int layers() {
        return layers;
    }

    /// A text as it is read.
    ///
    /// @param ids its tokens and what stands around them; none where the text has none
    /// @param cut whether the end of the text was left out, for the model's context is shorter
    public record Text(long[] ids, boolean cut) {}

    public Text text(String text) {
        long[] ids = tokenizer.encode(text);
        if (ids.length == 0) {
            return new Text(ids, false);
        }
        long[] whole = around.apply(ids);
        int room = context - (whole.length - ids.length);
        return ids.length <= room ? new Text(whole, false)
                : new Text(around.apply(Arrays.copyOf(ids, room)), true);
    }

    /// @param rows  tokens, each row of 1 to [#context]; read together
    /// @param layer from 0 to [#layers]
    /// @return a vector for each
    /// @throws ConfigException if the model has no such layer
    public List<float[]> read(List<long[]> rows, int layer, Pool pool) {
        if (layer < 0 || layer > layers) {
            throw new ConfigException("--layer", "0, the embedding, to %s, the final states".formatted(layers),
                    "" + layer, "leave it out for the final states");
        }
        Padded batch = Padded.of(rows, Padded.Side.RIGHT, 0);
        try (NDManager step = manager.newSubManager()) {
            Set<Tap> taps = layer == layers ? Set.of()
                    : Set.of(layer == 0 ? new Tap.Embedding() : new Tap.Hidden(layer - 1));
            Signals signals = network.forward(batch, taps, step);
            NDArray states = taps.isEmpty() ? signals.states() : signals.get(taps.iterator().next());
            float[] all = shares(batch, pool, step).batchMatMul(states.toType(DataType.FLOAT32, false))
                    .toFloatArray(); // [batch, 1, hidden]
            List<float[]> vectors = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                vectors.add(Arrays.copyOfRange(all, row * hidden, (row + 1) * hidden));
            }
            return vectors;
        }
    }

    /// @return `[batch, 1, seq]`
    private static NDArray shares(Padded batch, Pool pool, NDManager step) {
        float[] shares = new float[batch.rows() * batch.seq()];
        for (int row = 0; row < batch.rows(); row++) {
            for (int at = 0; at < batch.lengths()[row]; at++) {
                shares[batch.place(row, at)] = pool.share(at, batch.lengths()[row]);
            }
        }
        return step.create(shares, new Shape(batch.rows(), 1, batch.seq()));
    }

    @Override
    public void close() {
        tokenizer.close();
        manager.close();
    }
}
