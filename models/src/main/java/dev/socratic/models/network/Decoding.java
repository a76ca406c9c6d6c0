package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.KvCache.Place;
import dev.socratic.models.network.Pieces.Piece;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Rows of any lengths that are being continued: their KV cache, and the final states of each row's last token, which
/// become the logits of the next.
///
/// What a row gets does not depend on the rows beside it, but for the rounding of sums. For one thread.
public final class Decoding implements AutoCloseable {
    /// Tokens of one row that are read together at most, so that the mask stays small.
    private static final int BLOCK = 512;
    /// Tokens of all rows that are read together where nobody waits.
    private static final int MOST_READ = 2048;

    private final Decoder decoder;
    private final NDManager scope;
    private final KvCache cache;
    private List<ContinuedRow> rows = List.of();
    /// Which of the different prompts each row begins with, until they are read.
    private int[] repeats = {};

    private Decoding(Decoder decoder, NDManager scope) {
        this.decoder = decoder;
        this.scope = scope;
        this.cache = new KvCache(decoder, scope);
    }

    /// Reads the prompts.
    ///
    /// @param prompts at least one, each of 1 to `context` tokens
    public static Decoding start(Decoder decoder, List<long[]> prompts) {
        Decoding decoding = begin(decoder, prompts);
        try {
            while (decoding.unread() > 0) {
                decoding.read(MOST_READ);
            }
            return decoding;
        } catch (RuntimeException failed) {
            decoding.close();
            throw failed;
        }
    }

    /// Rows whose prompts are still to be read, by [#read]. Equal prompts, several samples of one question, are read
    /// once.
    ///
    /// @param prompts as above
    public static Decoding begin(Decoder decoder, List<long[]> prompts) {
        int context = decoder.config().context();
        if (prompts.isEmpty() || prompts.stream().anyMatch(prompt -> prompt.length == 0 || prompt.length > context)) {
            throw new IllegalArgumentException("prompts: each of 1 to %s tokens; got lengths %s"
                    .formatted(context, prompts.stream().map(prompt -> prompt.length).toList()));
        }
        List<long[]> different = new ArrayList<>();
        Map<LongBuffer, Integer> places = new HashMap<>(); // equal where the content is
        int[] repeats = new int[prompts.size()];
        for (int row = 0; row < repeats.length; row++) {
            repeats[row] = places.computeIfAbsent(LongBuffer.wrap(prompts.get(row)), prompt -> different.size());
            if (repeats[row] == different.size()) {
                different.add(prompts.get(row));
            }
        }
        Decoding decoding = new Decoding(decoder, decoder.scope());
        decoding.place(different);
        decoding.repeats = repeats;
        return decoding;
    }

    /// The beginning of a row that another row shares.
    ///
    /// @param tokens how many
    public record Shared(Decoding source, int row, int tokens) {}

    /// One row, still to be read by [#read]: a prompt, or a row that was given up and is taken up again.
    ///
    /// @param text   1 to `context` tokens
    /// @param prompt how many of them are the prompt, by whose length some ropes turn; the others were drawn
    /// @param shared what it begins with, which is not read again ([#lends]): held once for both where that is worth
    ///               it, else copied
    /// @param alike  rows that begin so, this one among them, which are there or will come soon
    public static Decoding begin(Decoder decoder, long[] text, int prompt, Optional<Shared> shared, int alike) {
        Decoding decoding = new Decoding(decoder, decoder.scope());
        int limit = decoder.config().rereadBeyond();
        if (limit == 0) {
            shared.ifPresent(with -> with.source.cache.share(with.source.rows.get(with.row).place, with.tokens, alike));
        }
        Place place = shared.isEmpty() ? decoding.cache.place(new int[] {text.length}).getFirst()
                : decoding.cache.copyOf(shared.get().source.rows.get(shared.get().row).place, shared.get().tokens,
                text.length);
        decoding.rows = List.of(new ContinuedRow(place, text, limit > 0 && text.length > limit ? text.length : prompt));
        decoding.repeats = new int[] {0};
        return decoding;
    }

    /// Whether a prompt may begin with the first tokens of a row, which are the same: they have been read, layers with
    /// a window still hold them, and their frequencies do not depend on what follows.
    ///
    /// @param length of the whole prompt
    public boolean lends(int row, int tokens, int length) {
        ContinuedRow lender = rows.get(row);
        int steady = decoder.config().steadyUpTo();
        boolean same = decoder.config().steady()
                || Math.max(length, Math.max(lender.reads, lender.place.length)) <= steady;
        return same && tokens < length && tokens <= lender.place.length
                && decoder.cacheSizes().holds(Math.max(lender.reached, lender.place.length), tokens);
    }

    /// @return a copy of a row, in a decoding of its own that lends it and is not continued
    public Decoding copy(int row) {
        ContinuedRow of = rows.get(row);
        Decoding decoding = new Decoding(decoder, decoder.scope());
        Place place = decoding.cache.copyOf(of.place, of.place.length, of.place.length);
        decoding.rows = List.of(new ContinuedRow(place, new long[0], of.reads));
        return decoding;
    }

    private void place(List<long[]> prompts) {
        List<Place> places = cache.place(prompts.stream().mapToInt(prompt -> prompt.length).toArray());
        rows = IntStream.range(0, prompts.size())
                .mapToObj(row -> new ContinuedRow(places.get(row), prompts.get(row), prompts.get(row).length)).toList();
    }

    /// @return prompt tokens that are not read yet
    public int unread() {
        return rows.stream().mapToInt(ContinuedRow::unread).sum();
    }

    /// Reads further tokens of the prompts, the first rows first.
    ///
    /// @param most how many, at least 1
    public void read(int most) {
        read(List.of(this), most);
    }

    /// The same of several decodings of one decoder, whose prompts are read together.
    public static void read(List<Decoding> all, int most) {
        List<Piece> pieces = new ArrayList<>();
        int left = most;
        for (Decoding decoding : all) {
            for (ContinuedRow row : decoding.rows) {
                int size = Math.min(row.unread(), Math.min(left, BLOCK));
                if (size > 0) {
                    pieces.add(new Piece(decoding, row, size));
                    left -= size;
                }
            }
        }
        if (!pieces.isEmpty()) {
            Pieces.read(pieces);
        }
        all.stream().filter(decoding -> decoding.unread() == 0 && decoding.repeats.length > decoding.rows.size())
                .forEach(decoding -> decoding.keep(decoding.repeats));
    }

    /// Given tokens of one row, at least one.
    record Fed(Decoding of, int row, long[] tokens) {}

    /// Reads given tokens, as if they had been drawn, in rows of decodings of one decoder.
    ///
    /// @return logits of what follows each of them, one row's behind the other's, `[tokens, vocab]`
    static NDArray feed(List<Fed> fed, NDManager step) {
        List<Piece> pieces = new ArrayList<>();
        for (Fed one : fed) {
            ContinuedRow row = one.of.rows.get(one.row);
            one.of.cache.ensure(List.of(row.place), one.tokens.length);
            pieces.add(new Piece(one.of, row, one.tokens.length));
        }
        Decoding any = pieces.getFirst().of();
        NDArray states = Pieces.states(pieces, fed.stream().flatMapToLong(one -> Arrays.stream(one.tokens)).toArray(),
                true, step); // [tokens, hidden]
        int end = 0;
        for (Piece piece : pieces) {
            end += piece.size();
            piece.read(states.get(new NDIndex("{}:{}", end - 1, end))); // [1, hidden]
        }
        return any.decoder.logits(states, false);
    }

    /// @return how many tokens a row can read and forget again: as far as its context goes, where layers with a window
    ///         still hold what comes into sight then, and its frequencies do not change with its length
    int ahead(int row) {
        int most = Math.max(0, decoder.config().context() - rows.get(row).place.length);
        return rereads() ? 0 : Math.min(most, CacheSizes.SLACK);
    }

    /// Forgets the last tokens of a row, at most as many as [#ahead] said before they were read. What follows is known
    /// once something is read again.
    void cut(int row, int length) {
        ContinuedRow cut = rows.get(row);
        if (cut.place.length > length) {
            cut.reached = Math.max(cut.reached, cut.place.length);
            cut.place.length = length;
            cut.forget();
            cut.state = Optional.empty();
        }
    }

    /// @return logits of what follows a row, `[1, vocab]`
    NDArray next(int row, NDManager step) {
        NDArray state = rows.get(row).state().duplicate();
        state.attach(step);
        return decoder.logits(state, false);
    }

    int vocabulary() {
        return decoder.config().vocab();
    }

    Decoder decoder() {
        return decoder;
    }

    /// @return the owner of its arrays
    NDManager scope() {
        return scope;
    }

    private boolean rereads() {
        return decoder.config().rereadBeyond() > 0;
    }

    /// @return rows still in the batch
    public int batch() {
        return rows.size();
    }

    /// @return how many tokens of a row are read
    public int length(int row) {
        return rows.get(row).place.length;
    }

    /// @return how many more tokens each row has room for that is not finished
    public int room() {
        int longest = rows.stream().filter(row -> !row.done).mapToInt(row -> row.place.length).max().orElse(0);
        return decoder.config().context() - longest;
    }

    /// @return bytes that the cache takes
    public long bytes() {
        return cache.bytes();
    }

    /// @return bytes more that it may take while every row grows by so many tokens
    public long needed(int steps) {
        return cache.needed(growing(), steps);
    }

    private List<Place> growing() {
        return rows.stream().filter(row -> !row.done).map(row -> row.place).toList();
    }

    /// @param row a row of the batch that wants no more tokens
    public void finish(int row) {
        rows.get(row).done = true;
    }

    public boolean finished(int row) {
        return rows.get(row).done;
    }

    /// Draws the next tokens of every row that is not finished; ends early when all are.
    ///
    /// @param eos ids that finish their row; they are returned too
    /// @return `[batch][steps]`; -1 once a row is finished
    public long[][] advance(Draws draws, long[] eos) {
        int steps = draws.steps();
        requireRoom(steps);
        if (!rereads()) {
            return drawn(draws, eos);
        }
        long[][] tokens = new long[batch()][0];
        while (tokens[0].length < steps) {
            long[][] more = drawn(draws.first(Math.min(draws.steps(), untilReread())), eos);
            draws = draws.after(more);
            for (int row = 0; row < tokens.length; row++) {
                tokens[row] = joined(tokens[row], more[row]);
                rows.get(row).text = joined(rows.get(row).text, written(more[row]));
            }
            reread();
        }
        return tokens;
    }

    /// @return logits of each row's next token, `[batch][vocab]`
    float[][] logits() {
        try (NDManager step = scope.newSubManager()) {
            float[] flat = logits(step).toFloatArray();
            int vocab = flat.length / batch();
            return IntStream.range(0, batch())
                    .mapToObj(row -> Arrays.copyOfRange(flat, row * vocab, (row + 1) * vocab)).toArray(float[][]::new);
        }
    }

    private NDArray logits(NDManager step) {
        return decoder.logits(states(step), false); // [batch, vocab]
    }

    /// @return `[batch, hidden]`
    private NDArray states(NDManager step) {
        NDArray states = NDArrays.concat(new NDList(rows.stream().map(ContinuedRow::state).toList()));
        states.attach(step);
        return states;
    }

    /// Draws each row's next token from one of two models that write the same rows; reads it in neither.
    ///
    /// @param other    the same number of rows, over a vocabulary whose first ids are the same
    /// @param others   for each row, whether its token is drawn from what the other expects
    /// @param uniforms in [0, 1), one a row
    public long[] drawMixed(Decoding other, boolean[] others, double[] uniforms) {
        try (NDManager step = scope.newSubManager()) {
            return decoder.program().runIn(step, "draw_mixed", Arg.of(logits(step)), Arg.of(other.logits(step)),
                    Arg.of(step.create(others)), Arg.of(step.create(uniforms))).singletonOrThrow().toLongArray();
        }
    }

    /// Reads a given token in every row, as if it had been drawn.
    ///
    /// @param tokens one a row
    public void write(long[] tokens) {
        requireRoom(1);
        cache.ensure(rows.stream().map(row -> row.place).toList(), 1);
        SlabOrder lay = SlabOrder.of(rows, cache);
        try (NDManager step = scope.newSubManager()) {
            Decoder.Rotations rotations = lay.rotations(decoder, 1, step);
            NDArray next = decoder.continued("write", step, List.of(
                    Arg.of(step.create(IntStream.range(0, batch()).mapToLong(at -> tokens[(int) lay.order()[at]])
                            .toArray())),
                    Arg.of(step.create(lay.lengths())), Arg.of(step.create(rotations.index())),
                    Arg.of(lay.counts()), Arg.of(lay.slabs().begins()), Arg.of(lay.slabs().stems())),
                    rotations.tables(), lay.slabs().arrays()).singletonOrThrow();
            NDList parts = next.split(batch());
            for (int at = 0; at < batch(); at++) {
                ContinuedRow row = lay.row(at);
                parts.get(at).attach(scope);
                row.state(parts.get(at));
                row.place.length++;
            }
        }
        if (rereads()) {
            for (int row = 0; row < batch(); row++) {
                rows.get(row).text = joined(rows.get(row).text, new long[] {tokens[row]});
            }
            reread();
        }
    }

    /// Reads given tokens, several at once and as many in each row as are wanted, as if they had been drawn.
    ///
    /// @param tokens for each row; none where a row stays as it is
    /// @param owner  of the result
    /// @return logits behind each of them, row after row, `[tokens, vocab]`
    /// @throws IllegalArgumentException if a row has no room for them ([#room]), or would become longer than the length
    ///         at which its frequencies change ([#extendable])
    public NDArray extend(List<long[]> tokens, NDManager owner) {
        List<ContinuedRow> growing = IntStream.range(0, batch()).filter(row -> tokens.get(row).length > 0)
                .mapToObj(rows::get)
                .toList();
        List<long[]> added = tokens.stream().filter(ids -> ids.length > 0).toList();
        int most = added.stream().mapToInt(ids -> ids.length).max().orElse(0);
        if (most == 0 || most > extendable()) {
            throw new IllegalArgumentException("tokens: 1 to %s in some row; got %s".formatted(extendable(), most));
        }
        cache.ensure(growing.stream().map(row -> row.place).toList(), most);
        List<Piece> pieces = IntStream.range(0, growing.size())
                .mapToObj(i -> new Piece(this, growing.get(i), added.get(i).length)).toList();
        try (NDManager step = scope.newSubManager()) {
            NDArray states = Pieces.states(pieces, added.stream().flatMapToLong(Arrays::stream).toArray(), true, step);
            for (int i = 0, first = 0; i < pieces.size(); first += pieces.get(i++).size()) {
                growing.get(i).extended(states.get(first + ":" + (first + pieces.get(i).size())), added.get(i), scope);
            }
            NDArray logits = decoder.logits(states, false);
            logits.attach(owner);
            return logits;
        }
    }

    /// @return how many tokens [#extend] may read in each row
    public int extendable() {
        int limit = decoder.config().rereadBeyond();
        int left = limit == 0 ? Integer.MAX_VALUE : rows.stream().filter(row -> row.reads <= limit)
                .mapToInt(row -> limit - row.place.length).min().orElse(Integer.MAX_VALUE);
        return Math.min(Math.min(left, room()), CacheSizes.SLACK);
    }

    /// Takes back the last tokens that [#extend] has read in a row, as if it had read only those before.
    public void back(int row, int tokens) {
        rows.get(row).back(tokens, scope);
    }

    private void requireRoom(int steps) {
        if (steps > room()) {
            throw new IllegalArgumentException("steps: at most %s, the room left; got %s".formatted(room(), steps));
        }
    }

    private long[][] drawn(Draws draws, long[] eos) {
        int steps = draws.steps();
        cache.ensure(growing(), steps);
        SlabOrder lay = SlabOrder.of(rows, cache);
        boolean[] done = new boolean[batch()];
        for (int row = 0; row < done.length; row++) {
            done[row] = rows.get(row).done;
        }
        try (NDManager step = scope.newSubManager()) {
            DrawSettings settings = draws.settings(step);
            Decoder.Rotations rotations = lay.rotations(decoder, steps, step);
            NDList out = decoder.continued("decode", step, List.of(
                    Arg.of(states(step)), Arg.of(step.create(done)), Arg.of(step.create(eos)),
                    Arg.of(settings.arrays()), Arg.of(settings.flags()), Arg.of(steps),
                    Arg.of(step.create(lay.order())), Arg.of(step.create(lay.inverse())),
                    Arg.of(step.create(lay.lengths())), Arg.of(step.create(lay.last())),
                    Arg.of(step.create(rotations.index())), Arg.of(lay.counts()), Arg.of(lay.slabs().begins()),
                    Arg.of(lay.slabs().stems())), rotations.tables(), lay.slabs().arrays());
            NDList states = out.get(1).split(batch());
            boolean[] ended = out.get(2).toBooleanArray();
            long[][] tokens = table(out.get(0).toLongArray(), steps);
            for (int row = 0; row < tokens.length; row++) {
                states.get(row).attach(scope);
                rows.get(row).state(states.get(row));
                rows.get(row).done = ended[row];
                rows.get(row).place.length += written(tokens[row]).length;
            }
            settings.tell(steps);
            return tokens;
        }
    }

    /// @return steps until a row becomes longer than the length at which its frequencies change
    private int untilReread() {
        int limit = decoder.config().rereadBeyond();
        return rows.stream().filter(row -> !row.done).mapToInt(row -> limit + 1 - row.place.length)
                .filter(left -> left > 0).min().orElse(Integer.MAX_VALUE);
    }

    /// Once a row is longer than that, its first keys are wrong too: it is read again. Its last state came of a cache
    /// of both kinds, so it is replaced before anyone draws from it.
    private void reread() {
        int limit = decoder.config().rereadBeyond();
        rows.stream().filter(row -> !row.done && row.place.length > limit && row.reads <= limit).forEach(row -> {
            row.reads = row.text.length;
            row.place.length = 0;
            while (row.unread() > 0) {
                Pieces.read(List.of(new Piece(this, row, Math.min(BLOCK, row.unread()))));
            }
        });
    }

    private static long[] joined(long[] first, long[] second) {
        return LongStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    /// Without what stands for no token.
    private static long[] written(long[] tokens) {
        return Arrays.stream(tokens).filter(token -> token >= 0).toArray();
    }

    private static long[][] table(long[] flat, int steps) {
        return IntStream.range(0, flat.length / steps)
                .mapToObj(row -> Arrays.copyOfRange(flat, row * steps, (row + 1) * steps)).toArray(long[][]::new);
    }

    /// Keeps only some rows, in the order given; one may come several times.
    public void keep(int[] kept) {
        List<ContinuedRow> fresh = new ArrayList<>();
        List<ContinuedRow> again = new ArrayList<>();
        for (int number : kept) {
            ContinuedRow row = rows.get(number);
            if (fresh.contains(row)) {
                again.add(row);
            }
            fresh.add(row);
        }
        rows.stream().filter(row -> !fresh.contains(row)).forEach(this::release);
        again.stream().distinct().filter(row -> !rereads()).forEach(row -> cache.share(row.place, row.place.length,
                1 + (int) again.stream().filter(row::equals).count()));
        List<Place> places = new ArrayList<>(cache.copies(again.stream().map(row -> row.place).toList()));
        List<ContinuedRow> all = new ArrayList<>();
        for (ContinuedRow row : fresh) {
            all.add(all.contains(row) ? copy(row, places.removeFirst()) : row);
        }
        rows = List.copyOf(all);
        cache.pack();
    }

    private static ContinuedRow copy(ContinuedRow row, Place place) {
        ContinuedRow copy = new ContinuedRow(place, row.text, row.reads);
        copy.done = row.done;
        copy.state(row.state().duplicate());
        return copy;
    }

    private void release(ContinuedRow row) {
        cache.release(row.place);
        row.forget();
    }

    /// Takes the rows of another decoding of the same decoder behind its own. The other is empty then and can only be
    /// closed.
    public void join(Decoding other) {
        join(List.of(other));
    }

    /// The same of several.
    public void join(List<Decoding> others) {
        for (Decoding other : others) {
            cache.take(other.cache);
            other.rows.forEach(row -> row.state().attach(scope));
            rows = Stream.concat(rows.stream(), other.rows.stream()).toList();
            other.rows = List.of();
        }
        cache.pack();
    }

    @Override
    public void close() {
        cache.close();
        scope.close();
    }
}
