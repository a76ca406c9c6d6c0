package dev.socratic.trainer.logits.capture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.ChunkedHead;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.ServedWords;
import dev.socratic.trainer.logits.StoreKernel;
import dev.socratic.trainer.objective.Atoms;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A teacher behind the border: rows become tokens here, what it expects comes as numbers.
///
/// At temperature 1 a `top_k` store needs the k most likely and nothing else. Every other store needs the whole
/// vocabulary.
final class ServedTeacher implements DistributionReader {
    /// Numbers of an answer: half a million are some 30 MB of JSON.
    private static final long MOST_NUMBERS = 1L << 19;
    /// Numbers of an answer to one row alone.
    private static final long MOST_OF_A_ROW = 1L << 21;
    /// Answers of whole vocabularies that are waited for at once: each may have that size.
    private static final int MOST_WHOLE = 4;

    private final NDManager manager;
    private final StoreKernel kernel;
    private final DistributionModel model;
    private final Path folder;
    private final CaptureConfig config;
    private final Tokenizer tokenizer;
    private final boolean full;
    private final int[] seen;
    private int stamp;

    ServedTeacher(TeacherSource.Served source, CaptureConfig config, Compute compute) {
        this.manager = compute.manager();
        this.kernel = new StoreKernel(manager);
        this.model = source.model();
        this.folder = source.tokenizer();
        this.config = config;
        this.tokenizer = Tokenizer.open(folder);
        this.full = needsFullDistributions(config);
        this.seen = new int[vocab()];
    }

    /// @return whether the k most likely of a distribution are too little for such a store
    static boolean needsFullDistributions(CaptureConfig config) {
        return !(config.encoding() instanceof Encoding.TopK) || config.temperature() != 1;
    }

    @Override
    public int vocab() {
        return tokenizer.vocabularySize();
    }

    @Override
    public RowEncoder encoder() {
        return DistributionReader.encoder(tokenizer, folder, config);
    }

    @Override
    public StoreKernel kernel() {
        return kernel;
    }

    /// Several groups are asked for at once; they are read in their order all the same.
    @Override
    public void read(List<TokenRow> rows, Reader reader) throws InterruptedException {
        List<List<Integer>> groups = DistributionReader.groups(rows,
                Math.min(config.microTokens(), MOST_NUMBERS / width()));
        int together = full ? Math.min(MOST_WHOLE, model.card().parallel()) : model.card().parallel();
        Deque<Future<List<Distributions>>> coming = new ArrayDeque<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                int next = 0;
                for (List<Integer> group : groups) {
                    while (next < groups.size() && coming.size() < together) {
                        List<TokenRow> asked = groups.get(next++).stream().map(rows::get).toList();
                        coming.add(threads.submit(() -> request(asked)));
                    }
                    List<Distributions> answers = await(coming.remove());
                    for (int i = 0; i < group.size(); i++) {
                        emit(group.get(i), rows.get(group.get(i)), answers.get(i), reader);
                    }
                }
            } finally {
                threads.shutdownNow(); // after a failure nobody waits for the rest
            }
        }
    }

    private static List<Distributions> await(Future<List<Distributions>> coming) throws InterruptedException {
        try {
            return coming.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException ours -> throw ours;
                case InterruptedException stopped -> throw stopped;
                default -> throw new IllegalStateException(failed.getCause());
            }
        }
    }

    /// @return tokens of the longest row that an endpoint can answer for
    static int mostTokens(DistributionModel model, CaptureConfig config) {
        int width = config.encoding() instanceof Encoding.TopK top && !needsFullDistributions(config) ? top.k()
                : model.vocabulary();
        long held = MOST_OF_A_ROW / Math.max(1, width) + 1;
        int context = model.card().contextTokens();
        return (int) Math.max(2, Math.min(held, context > 0 ? context : Integer.MAX_VALUE));
    }

    private int width() {
        return config.encoding() instanceof Encoding.TopK top && !full ? Math.min(top.k(), vocab()) : vocab();
    }

    private List<Distributions> request(List<TokenRow> rows) throws InterruptedException {
        TokenRow longest = rows.getLast();
        if ((long) longest.inputLength() * width() > MOST_OF_A_ROW) {
            throw new DataException(place(),
                    String.format(Locale.ROOT,
                    "rows of at most %,d tokens, for %,d numbers at each of which an answer still holds",
                    MOST_OF_A_ROW / width(), width()),
                    String.format(Locale.ROOT, "one of %,d", longest.inputLength()),
                            full ? remedy() : "take a smaller k, or shorter rows: --set max_seq=%s".formatted(
                            MOST_OF_A_ROW / width()));
        }
        List<Distributions> answers = model.distributions(rows.stream().map(TokenRow::ids).toList(),
                full ? DistributionModel.ALL : width());
        ServedWords.require(place(), "the tokenizer in " + folder, tokenizer,
                rows.stream().map(TokenRow::ids).toList(), answers);
        return answers;
    }

    private String neededFor() {
        return config.encoding() instanceof Encoding.TopK
                ? "a temperature of %s".formatted(config.temperature())
                : "a store of '%s'".formatted(Atoms.name(config.encoding(), Encoding.class));
    }

    private static String remedy() {
        return "capture with --encoding '{top_k: {k: 20}}' at temperature 1, or serve a small vocabulary whole: "
                + "vLLM with --max-logprobs -1, or socratic serve";
    }

    private void emit(int number, TokenRow row, Distributions said, Reader reader) {
        int[] positions = new int[row.lossTokens()];
        long[] labels = new long[positions.length];
        for (int token = 1, n = 0; token < row.ids().length; token++) {
            if (row.lossMask()[token]) {
                positions[n] = token - 1;
                labels[n++] = row.ids()[token];
            }
        }
        if (full) {
            new ChunkedHead().walk(manager, positions.length, vocab(), chunk -> {
                NDArray logP = full(said, Arrays.copyOfRange(positions, chunk.from(), chunk.to()), chunk.scope());
                reader.read(new Slice(new Predicted.Full(logP), Collections.nCopies(chunk.size(), number),
                        Arrays.copyOfRange(labels, chunk.from(), chunk.to())));
            });
        } else {
            reader.read(new Slice(topK(said, positions), Collections.nCopies(positions.length, number), labels));
        }
    }

    private Predicted topK(Distributions said, int[] positions) {
        int width = width();
        if (said.width() < width) {
            throw new DataException(place(), String.format(Locale.ROOT, "log probabilities of %,d tokens", width),
                    String.format(Locale.ROOT, "those of %,d", said.width()), "take a smaller k");
        }
        int[] ids = new int[positions.length * width];
        float[] logs = new float[ids.length];
        float[] rest = new float[positions.length];
        for (int i = 0; i < positions.length; i++) {
            int from = positions[i] * said.width();
            requireDistinct(said, from, width, false);
            System.arraycopy(said.ids(), from, ids, i * width, width);
            System.arraycopy(said.logs(), from, logs, i * width, width);
            rest[i] = said.rest()[positions[i]];
        }
        return new Predicted.TopK(width, ids, logs, rest);
    }

    private NDArray full(Distributions said, int[] positions, NDManager scope) {
        int vocab = vocab();
        float[] logs = new float[positions.length * vocab];
        boolean padded = false;
        for (int i = 0; i < positions.length; i++) {
            int from = positions[i] * said.width();
            int known = requireDistinct(said, from, said.width(), true);
            if (known < vocab) {
                throw new DataException(place(),
                        "log probabilities of every token of the vocabulary, which %s needs".formatted(neededFor()),
                        String.format(Locale.ROOT, "those of %,d of %,d", known, vocab), remedy());
            }
            padded |= said.width() > known;
            for (int j = from; j < from + said.width(); j++) {
                if (said.ids()[j] < vocab) {
                    logs[i * vocab + said.ids()[j]] = said.logs()[j];
                }
            }
        }
        NDArray all = scope.create(logs, new Shape(positions.length, vocab));
        // as they came, to the last bit
        return padded || config.temperature() != 1
                ? kernel.logProbabilities(all, config.temperature(), vocab).get(0)
                : all;
    }

    /// Each token is named once, and by a number the tokenizer knows.
    ///
    /// @param padded whether numbers behind the vocabulary may come along: rows of an embedding that stand for no
    ///               token
    /// @return how many of the vocabulary are named
    private int requireDistinct(Distributions said, int from, int count, boolean padded) {
        stamp++;
        int known = 0;
        for (int j = from; j < from + count; j++) {
            int id = said.ids()[j];
            if (id >= vocab() && !padded) {
                throw new DataException(place(), String.format(Locale.ROOT, "tokens of the vocabulary of %,d in %s",
                        vocab(), folder), "number %s".formatted(id),
                        "name the folder of the served model's own tokenizer");
            }
            if (id < vocab()) {
                if (seen[id] == stamp) {
                    throw new DataException(place(), "each token once at a position", "token %s twice".formatted(id),
                            "report it to whoever runs the server");
                }
                seen[id] = stamp;
                known++;
            }
        }
        return known;
    }

    private String place() {
        return "%s %s".formatted(model.card().place(), model.card().name());
    }

    @Override
    public void close() {
        kernel.close();
        tokenizer.close();
        manager.close();
    }
}
