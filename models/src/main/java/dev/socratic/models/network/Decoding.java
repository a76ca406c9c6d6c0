package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program.Arg;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// A batch of prompts that is being continued: the cache of keys and values, and the logits of the next token.
///
/// Prompts are padded on the left, so that every row's next token stands at the same place. The cache grows as
/// needed. For one thread.
public final class Decoding implements AutoCloseable {
    private static final int ROOM = 64;

    private final Decoder decoder;
    private final NDManager scope;
    /// Tokens of each row so far; kept only where they may have to be read again.
    private List<long[]> texts = List.of();
    private int[] reads;
    private long[] pads;
    private boolean[] done;
    private List<NDArray> cache;
    private NDArray logits;
    private int at;
    private int capacity;

    private Decoding(Decoder decoder, NDManager scope) {
        this.decoder = decoder;
        this.scope = scope;
    }

    /// Reads the prompts.
    ///
    /// @param prompts at least one, each of 1 to `context` tokens
    public static Decoding start(Decoder decoder, List<long[]> prompts) {
        Decoding decoding = new Decoding(decoder, decoder.scope());
        try {
            decoding.prefill(prompts);
            return decoding;
        } catch (RuntimeException failed) {
            decoding.close();
            throw failed;
        }
    }

    /// Equal prompts, several samples of one question, are read once.
    private void prefill(List<long[]> prompts) {
        at = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(0);
        if (prompts.stream().anyMatch(prompt -> prompt.length == 0) || at == 0 || at > decoder.config().context()) {
            throw new IllegalArgumentException("prompts: each of 1 to %s tokens; got lengths %s"
                    .formatted(decoder.config().context(), prompts.stream().map(prompt -> prompt.length).toList()));
        }
        List<long[]> different = new ArrayList<>();
        Map<LongBuffer, Integer> places = new HashMap<>(); // equal where the content is
        int[] rows = new int[prompts.size()];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = places.computeIfAbsent(LongBuffer.wrap(prompts.get(row)), prompt -> different.size());
            if (rows[row] == different.size()) {
                different.add(prompts.get(row));
            }
        }
        read(different);
        texts = decoder.config().rereadBeyond() > 0 ? different : List.of();
        if (different.size() < rows.length) {
            keep(rows);
        }
    }

    private void read(List<long[]> prompts) {
        int batch = prompts.size();
        Padded padded = Padded.of(prompts, Padded.Side.LEFT, 0);
        at = padded.seq();
        reads = padded.lengths();
        pads = padded.padding();
        done = new boolean[batch];
        capacity = at + ROOM;
        try (NDManager step = scope.newSubManager()) {
            NDArray padding = step.create(pads); // [batch]
            cache = List.copyOf(decoder.program().runIn(
                    scope, "empty_cache", Arg.of(batch), Arg.of(capacity), Arg.of(padding)));
            logits = decoder.continued("prefill", scope, step, at, reads,
                    List.of(Arg.of(padded.array(step)), Arg.of(padding)), cache)
                    .singletonOrThrow();
        }
    }

    /// @return rows still in the batch
    public int batch() {
        return pads.length;
    }

    /// @return how many more tokens each row has room for
    public int room() {
        return decoder.config().context() - at;
    }

    /// @param row a row of the batch that wants no more tokens
    public void finish(int row) {
        done[row] = true;
    }

    public boolean finished(int row) {
        return done[row];
    }

    /// Draws the next tokens of every row that is not finished; ends early when all are.
    ///
    /// @param eos ids that finish their row; they are returned too
    /// @return `[batch][steps]`; -1 once a row is finished
    public long[][] advance(Draws draws, long[] eos) {
        int steps = draws.steps();
        requireRoom(steps);
        if (texts.isEmpty()) {
            return drawn(draws, eos);
        }
        long[][] tokens = new long[batch()][0];
        for (int step = 0; step < steps; step = tokens[0].length) {
            int next = Math.min(steps, step + untilReread());
            long[][] more = drawn(draws.first(next - step), eos);
            draws = draws.after(more);
            tokens = joined(tokens, more);
            texts = List.of(joined(texts.toArray(long[][]::new), more));
            reread();
        }
        return tokens;
    }

    /// @return logits of each row's next token, `[batch][vocab]`
    float[][] logits() {
        float[] flat = logits.toFloatArray();
        int vocab = flat.length / batch();
        return IntStream.range(0, batch()).mapToObj(row -> Arrays.copyOfRange(flat, row * vocab, (row + 1) * vocab))
                .toArray(float[][]::new);
    }

    /// Draws each row's next token from one of two models that write the same rows; reads it in neither.
    ///
    /// @param other    the same number of rows, over a vocabulary whose first ids are the same
    /// @param others   for each row, whether its token is drawn from what the other expects
    /// @param uniforms in [0, 1), one a row
    public long[] drawMixed(Decoding other, boolean[] others, double[] uniforms) {
        try (NDManager step = scope.newSubManager()) {
            return decoder.program().runIn(step, "draw_mixed", Arg.of(logits), Arg.of(other.logits),
                    Arg.of(step.create(others)), Arg.of(step.create(uniforms))).singletonOrThrow().toLongArray();
        }
    }

    /// Reads a given token in every row, as if it had been drawn.
    ///
    /// @param tokens one a row
    public void write(long[] tokens) {
        requireRoom(1);
        ensure(at + 1);
        try (NDManager step = scope.newSubManager()) {
            NDArray next = decoder.continued("write", scope, step, at + 1, reads,
                    List.of(Arg.of(step.create(tokens)), Arg.of(at), Arg.of(step.create(pads))), cache)
                    .singletonOrThrow();
            logits.close();
            logits = next;
        }
        at++;
        if (!texts.isEmpty()) {
            long[][] more = Arrays.stream(tokens).mapToObj(token -> new long[] {token}).toArray(long[][]::new);
            texts = List.of(joined(texts.toArray(long[][]::new), more));
            reread();
        }
    }

    private void requireRoom(int steps) {
        if (steps > room()) {
            throw new IllegalArgumentException("steps: at most %s, the room left; got %s".formatted(room(), steps));
        }
    }

    private long[][] drawn(Draws draws, long[] eos) {
        int steps = draws.steps();
        ensure(at + steps);
        try (NDManager step = scope.newSubManager()) {
            DrawSettings settings = draws.settings(step);
            NDList out = decoder.continued("decode", scope, step, at + steps, reads, List.of(
                    Arg.of(logits), Arg.of(step.create(done)), Arg.of(step.create(eos)), Arg.of(settings.arrays()),
                    Arg.of(settings.flags()), Arg.of(steps), Arg.of(at), Arg.of(step.create(pads))), cache);
            logits.close();
            logits = out.get(1);
            done = flags(out.get(2));
            at += steps;
            settings.tell(steps);
            return table(out.get(0), steps);
        }
    }

    /// @return steps until a row becomes longer than the length at which its frequencies change
    private int untilReread() {
        int limit = decoder.config().rereadBeyond();
        return Arrays.stream(pads).mapToInt(pad -> limit + 1 - (at - (int) pad)).filter(left -> left > 0).min()
                .orElse(Integer.MAX_VALUE - at);
    }

    /// Once a row is longer than that, its first keys are wrong too: everything is read again. The last logits came
    /// of a cache of both kinds, so they are replaced before anyone draws from them.
    private void reread() {
        int limit = decoder.config().rereadBeyond();
        if (IntStream.range(0, batch()).noneMatch(row -> at - pads[row] > limit && reads[row] <= limit)) {
            return;
        }
        boolean[] before = done;
        logits.close();
        cache.forEach(NDArray::close);
        read(texts.stream().map(text -> Arrays.stream(text).map(token -> Math.max(0, token)).toArray()).toList());
        done = before;
    }

    private static long[][] joined(long[][] texts, long[][] more) {
        long[][] joined = new long[texts.length][];
        for (int row = 0; row < texts.length; row++) {
            joined[row] = LongStream.concat(Arrays.stream(texts[row]), Arrays.stream(more[row])).toArray();
        }
        return joined;
    }

    /// Keeps only some rows, in the order given (one may come several times), and drops padding that they share,
    /// which makes room.
    public void keep(int[] rows) {
        int spare = (int) Arrays.stream(rows).mapToLong(row -> pads[row]).min().orElseThrow();
        long[] keptPads = Arrays.stream(rows).mapToLong(row -> pads[row] - spare).toArray();
        boolean[] keptDone = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            keptDone[i] = done[rows[i]];
        }
        NDArray old = logits;
        try (NDManager step = scope.newSubManager()) {
            logits = old.get(step.create(longs(rows)));
            logits.attach(scope);
        }
        old.close();
        move(longs(rows), spare, at - spare + ROOM);
        pads = keptPads;
        reads = IntStream.of(rows).map(row -> reads[row]).toArray();
        texts = texts.isEmpty() ? texts : IntStream.of(rows).mapToObj(texts::get).toList();
        done = keptDone;
        at -= spare;
    }

    /// Takes the rows of another decoding of the same decoder behind its own. The other is empty then and can only be
    /// closed.
    public void join(Decoding other) {
        int end = Math.max(at, other.at);
        NDArray own = logits;
        List<NDArray> fresh = decoder.program().runIn(scope, "concat_caches", Arg.of(cache), Arg.of(other.cache),
                Arg.of(at), Arg.of(other.at), Arg.of(end + ROOM));
        cache.forEach(NDArray::close);
        cache = List.copyOf(fresh);
        logits = own.concat(other.logits); // [batch, vocab]
        logits.attach(scope);
        own.close();
        int before = end - at;
        int behind = end - other.at;
        pads = LongStream.concat(Arrays.stream(pads).map(pad -> pad + before),
                Arrays.stream(other.pads).map(pad -> pad + behind)).toArray();
        reads = IntStream.concat(Arrays.stream(reads), Arrays.stream(other.reads)).toArray();
        done = Arrays.copyOf(done, pads.length);
        System.arraycopy(other.done, 0, done, pads.length - other.done.length, other.done.length);
        texts = Stream.concat(texts.stream(), other.texts.stream()).toList();
        at = end;
        capacity = end + ROOM;
    }

    private void ensure(int positions) {
        if (positions > capacity) {
            int larger = Math.max(positions, Math.min(decoder.config().context(), capacity + capacity / 2));
            move(LongStream.range(0, batch()).toArray(), 0, larger);
        }
    }

    private void move(long[] rows, int from, int room) {
        try (NDManager step = scope.newSubManager()) {
            List<NDArray> fresh = decoder.program()
                    .runIn(scope, "reorder_cache", Arg.of(cache), Arg.of(step.create(rows)),
                    Arg.of(from), Arg.of(at), Arg.of(room));
            cache.forEach(NDArray::close);
            cache = List.copyOf(fresh);
            capacity = room;
        }
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    private static boolean[] flags(NDArray array) {
        try (array) {
            return array.toBooleanArray();
        }
    }

    private long[][] table(NDArray tokens, int steps) {
        try (tokens) {
            long[] flat = tokens.toLongArray();
            long[][] table = new long[batch()][];
            for (int row = 0; row < table.length; row++) {
                table[row] = Arrays.copyOfRange(flat, row * steps, (row + 1) * steps);
            }
            return table;
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
