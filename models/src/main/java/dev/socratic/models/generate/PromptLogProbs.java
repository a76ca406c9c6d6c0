package dev.socratic.models.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.Padded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

/// Reads whole rows and says what the model expects at every position of them: the log probability of each token
/// given those before it, and the likeliest others.
final class PromptLogProbs {
    /// Tokens read together at most, padding included.
    private static final int MOST_TOKENS = 1 << 14;

    private final Decoder decoder;
    private final NDManager manager;
    private final int vocab;
    private final IntFunction<String> words;
    private final Distribution distribution;
    private final ChunkedHead head = new ChunkedHead();

    /// @param vocab ids that stand for a token
    /// @param words what they read as
    PromptLogProbs(
            Decoder decoder, NDManager manager, Distribution distribution, int vocab, IntFunction<String> words) {
        this.decoder = decoder;
        this.manager = manager;
        this.vocab = vocab;
        this.words = words;
        this.distribution = distribution;
    }

    /// Rows stay in their order; those that are too many to be read at once are read one group after the other.
    List<Distributions> read(List<int[]> rows, int k) {
        for (int i = 0; i < rows.size(); i++) {
            check("row %s".formatted(i), rows.get(i));
        }
        int width = k == DistributionModel.ALL ? vocab : Math.min(k, vocab);
        List<Distributions> all = new ArrayList<>();
        for (int from = 0, to; from < rows.size(); from = to) {
            int longest = rows.get(from).length - 1;
            to = from + 1;
            while (to < rows.size()
                    && (long) (to + 1 - from) * Math.max(longest, rows.get(to).length - 1) <= MOST_TOKENS) {
                longest = Math.max(longest, rows.get(to++).length - 1);
            }
            together(rows.subList(from, to), width, all);
        }
        return all;
    }

    private void check(String place, int[] row) {
        int most = decoder.config().context() + 1; // the last token is only predicted, never read
        if (row.length < 2 || row.length > most) {
            throw new DataException(place, "2 to %s tokens, the model's context and the token predicted last".formatted(
                    most), "%s".formatted(row.length),
                    row.length < 2 ? "leave it out: nothing is predicted in it" : "shorten it");
        }
        for (int id : row) {
            if (id < 0 || id >= vocab) {
                throw new DataException(place, "token ids from 0 to %s, the model's vocabulary".formatted(vocab - 1),
                        "%s".formatted(id),
                        "tokenize with the model's own tokenizer");
            }
        }
    }

    private void together(List<int[]> rows, int width, List<Distributions> all) {
        Padded batch = Padded.inputs(rows.stream().map(row -> Arrays.stream(row).asLongStream().toArray()).toList());
        long[] labels = rows.stream().flatMapToInt(row -> Arrays.stream(row).skip(1)).asLongStream().toArray();
        Found found = new Found(batch.tokens(), width);
        try (NDManager step = manager.newSubManager()) {
            NDArray states = decoder.forward(batch.array(step), batch.lengths(), Set.of(), false).states();
            NDArray hidden = distribution.select(states, step.create(batch.places())); // [tokens, hidden]
            head.walk(hidden, decoder.config().vocab(), part -> decoder.logits(part, false), (chunk, logits) ->
                    found.add(chunk.from(), logits, Arrays.copyOfRange(labels, chunk.from(), chunk.to())));
        }
        int at = 0;
        for (int[] row : rows) {
            all.add(found.row(at, row));
            at += row.length - 1;
        }
    }

    /// What is known of the rows that are read together, one position behind the other.
    private final class Found {
        private final int width;
        private final int[] ids;
        private final float[] logs;
        private final float[] rest;
        private final float[] own;
        private final int[] ranks;

        Found(int tokens, int width) {
            this.width = width;
            this.ids = new int[tokens * width];
            this.logs = new float[tokens * width];
            this.rest = new float[tokens];
            this.own = new float[tokens];
            this.ranks = new int[tokens];
        }

        /// @param logits `[chunk, padded vocab]`
        void add(int from, NDArray logits, long[] labels) {
            NDList logP = distribution.logProbabilities(logits, 1, vocab);
            if (logP.get(1).getLong() > 0) {
                throw new DataException("model", "logits that are numbers",
                        "%s that are not".formatted(logP.get(1).getLong()),
                        "look at its weights with: socratic inspect --check");
            }
            NDList named = distribution.topK(logP.get(0), width);
            copy(named.get(0).toLongArray(), ids, from * width);
            System.arraycopy(named.get(1).toFloatArray(), 0, logs, from * width, labels.length * width);
            System.arraycopy(named.get(2).toFloatArray(), 0, rest, from, labels.length);
            NDList ranked = distribution.ranked(logP.get(0), logits.getManager().create(labels));
            System.arraycopy(ranked.get(0).toFloatArray(), 0, own, from, labels.length);
            copy(ranked.get(1).toLongArray(), ranks, from);
        }

        private static void copy(long[] from, int[] to, int at) {
            for (int i = 0; i < from.length; i++) {
                to[at + i] = (int) from[i];
            }
        }

        Distributions row(int at, int[] row) {
            int end = at + row.length - 1;
            return new Distributions(width, Arrays.copyOfRange(ids, at * width, end * width),
                    Arrays.copyOfRange(logs, at * width, end * width),
                    Arrays.copyOfRange(rest, at, end), Arrays.copyOfRange(own, at, end),
                    Arrays.copyOfRange(ranks, at, end),
                    Arrays.stream(row).skip(1).mapToObj(words).toList());
        }
    }
}
