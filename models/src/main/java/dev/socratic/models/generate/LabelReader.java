package dev.socratic.models.generate;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.SharedPass;
import java.util.Arrays;
import java.util.List;

/// Reads rows of tokens and says of each token that is asked for how likely it is behind those before it. What several
/// rows begin with is read once, and where a state predicts tokens of several, its logits are made once.
final class LabelReader {
    private final Decoder decoder;
    private final Distribution distribution;
    private final SharedPass pass;
    private final ChunkedHead head = new ChunkedHead();

    LabelReader(Decoder decoder, Distribution distribution) {
        this.decoder = decoder;
        this.distribution = distribution;
        this.pass = new SharedPass(decoder);
    }

    /// @param ids   at least two
    /// @param first index of the first token that is asked for, at least 1
    record Row(long[] ids, int first) {}

    /// Takes what was found.
    @FunctionalInterface
    interface Taker {
        /// The tokens of a row come in their order.
        ///
        /// @param logProbability in nats
        /// @param likeliest      whether no token has more
        void token(int row, float logProbability, boolean likeliest);
    }

    void read(List<Row> rows, NDManager manager, Taker taker) {
        List<SharedPass.Row> inputs = rows.stream().map(row ->
                new SharedPass.Row(Arrays.copyOf(row.ids(), row.ids().length - 1), row.first() - 1)).toList();
        pass.run(inputs, manager, (states, places) -> head.walk(states, decoder.config().vocab(),
                part -> decoder.logits(part, false), (chunk, logits) -> {
            List<SharedPass.Place> here = places.stream()
                    .filter(place -> place.at() >= chunk.from() && place.at() < chunk.to()).toList();
            NDList found = distribution.labelled(logits,
                    chunk.scope().create(here.stream().mapToLong(place -> place.at() - chunk.from()).toArray()),
                    chunk.scope().create(here.stream().mapToLong(place ->
                            rows.get(place.row()).ids()[place.position() + 1]).toArray()));
            float[] logs = found.get(0).toFloatArray();
            boolean[] likeliest = found.get(1).toBooleanArray();
            for (int i = 0; i < logs.length; i++) {
                taker.token(here.get(i).row(), logs[i], likeliest[i]);
            }
        }));
    }
}
