package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.Decoding.Fed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// *Speculative decoding*: a small decoder drafts some tokens, one after the other, the large one reads them all at
/// once, and as many stand as leave every token drawn from the large one's distribution, exactly; greedy text is what
/// it is without a draft, but for ties. Source: Leviathan et al. 2023, arXiv:2211.17192.
///
/// A row's last token is drawn and not read yet by the large decoder, which reads it together with the next draft.
public final class Speculation {
    private final Decoder draft;
    private final int most;

    /// @param draft a decoder of the same vocabulary
    /// @param most  tokens drafted at once, at least 1
    public Speculation(Decoder draft, int most) {
        this.draft = draft;
        this.most = most;
    }

    /// @return numbers that a row's draws take in one step, whatever comes of it
    public int uniforms() {
        return 2 * most + 1;
    }

    public Decoder draft() {
        return draft;
    }

    /// One row of a step.
    ///
    /// @param target   where the large decoder writes it, in row `row`
    /// @param drafting where the small one does, its only row
    /// @param pending  the token that was drawn and not read; empty for a row just begun
    /// @param behind   what the small one has not read, `pending` last; empty where it has read all
    /// @param draws    with [#uniforms] numbers, without penalties, masks and what may not come yet
    /// @param wanted   most tokens that are wanted, at least 1
    public record Row(Decoding target, int row, Decoding drafting, long[] pending, long[] behind, Draws.Row draws,
            int wanted) {}

    /// What came of it.
    ///
    /// @param tokens  the next ones, at least one; the last is the row's new pending token
    /// @param behind  what the small decoder has not read then
    /// @param drafted how many tokens were drafted; all but one of `tokens` are some of them
    public record Step(long[] tokens, long[] behind, int drafted) {}

    /// Draws one token of each of some rows that are drawn in any way, without a draft.
    ///
    /// @return the tokens, pending then
    public long[] plain(List<Row> rows) {
        try (NDManager step = draft.scope()) {
            NDArray logits = following(rows.stream().map(row -> new Fed(row.target, row.row, row.pending)).toList(),
                    step);
            DrawSettings settings = new Draws(rows.stream().map(row -> row.draws.last()).toList()).settings(step);
            long[] tokens = draft.program().runIn(step, "draw", Arg.of(logits), Arg.of(0), Arg.of(settings.arrays()),
                    Arg.of(settings.flags())).singletonOrThrow().toLongArray();
            settings.tell(1);
            return tokens;
        }
    }

    /// Draws the next tokens of each row.
    public List<Step> advance(List<Row> rows) {
        int[] ahead = rows.stream().mapToInt(this::ahead).toArray();
        try (NDManager step = draft.scope()) {
            Drafts drafts = drafts(rows, ahead, step);
            int[] lengths = rows.stream().mapToInt(row -> row.target.length(row.row)).toArray();
            Expected expected = expected(rows, drafts, ahead, step);
            NDList out = draft.program().runIn(step, "verify", Arg.of(expected.p), Arg.of(step.create(expected.index)),
                    Arg.of(drafts.q), Arg.of(drafts.drafting), Arg.of(step.create(drafts.tokens)),
                    Arg.of(step.create(longs(ahead))), Arg.of(step.create(uniforms(rows, most, 2 * most))),
                    Arg.of(step.create(rows.stream().mapToDouble(row -> row.draws.uniforms()[2 * most]).toArray())));
            long[] stand = out.get(0).toLongArray();
            long[] next = out.get(1).toLongArray();
            List<Step> steps = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                steps.add(keep(rows.get(i), lengths[i], drafts.tokens[i], ahead[i], (int) stand[i], next[i]));
            }
            return steps;
        }
    }

    /// A row near the end of what it may have drafts less, whatever the others do.
    private int ahead(Row row) {
        int large = row.target.ahead(row.row) - row.pending.length;
        int small = row.drafting.ahead(0) - row.behind.length + 1;
        return Math.max(0, Math.min(Math.min(most, row.wanted - 1), Math.min(large, small)));
    }

    /// @param tokens   `[rows][most]`
    /// @param q        of each step, what was expected in the rows that `drafting` names
    private record Drafts(long[][] tokens, List<NDArray> q, List<NDArray> drafting) {}

    private Drafts drafts(List<Row> rows, int[] ahead, NDManager step) {
        long[][] tokens = new long[rows.size()][most];
        List<NDArray> q = new ArrayList<>();
        List<NDArray> drafting = new ArrayList<>();
        for (int at = 0; at < most; at++) {
            int now = at;
            int[] some = IntStream.range(0, rows.size()).filter(row -> ahead[row] > now).toArray();
            if (some.length == 0) {
                break;
            }
            List<Fed> fed = IntStream.of(some).mapToObj(row -> new Fed(rows.get(row).drafting, 0,
                    now == 0 ? rows.get(row).behind : new long[] {tokens[row][now - 1]})).toList();
            NDArray logits = following(fed, step).get(new NDIndex(":, :{}", vocabulary(rows)));
            NDArray probabilities = probabilities(draft, logits,
                    IntStream.of(some).mapToObj(row -> rows.get(row).draws).toList(), step);
            double[] uniforms = IntStream.of(some).mapToDouble(row -> rows.get(row).draws.uniforms()[now]).toArray();
            long[] drawn = draft.program().runIn(step, "draw_from", Arg.of(probabilities),
                    Arg.of(step.create(uniforms))).singletonOrThrow().toLongArray();
            for (int i = 0; i < some.length; i++) {
                tokens[some[i]][now] = drawn[i];
            }
            q.add(probabilities);
            drafting.add(step.create(longs(some)));
        }
        return new Drafts(tokens, q, drafting);
    }

    /// Ids that the large decoder has, too.
    private long vocabulary(List<Row> rows) {
        return Math.min(draft.config().vocab(), rows.getFirst().target.vocabulary());
    }

    /// @param fed given tokens, none for a row of which all is read
    /// @return logits of what follows each row, `[rows, vocab]`
    private static NDArray following(List<Fed> fed, NDManager step) {
        List<Fed> some = fed.stream().filter(one -> one.tokens().length > 0).toList();
        NDArray read = some.isEmpty() ? step.create(0F) : Decoding.feed(some, step);
        NDList rows = new NDList();
        long end = 0;
        for (Fed one : fed) {
            end += one.tokens().length;
            rows.add(one.tokens().length == 0 ? one.of().next(one.row(), step)
                    : read.get(new NDIndex("{}:{}", end - 1, end)));
        }
        return NDArrays.concat(rows);
    }

    /// @param p     what the large decoder expects at some positions, `[n, vocab]`
    /// @param index for each row, where in it the expectation behind its text, its first drafted token ... is
    private record Expected(NDArray p, long[][] index) {}

    private Expected expected(List<Row> rows, Drafts drafts, int[] ahead, NDManager step) {
        List<NDArray> logits = new ArrayList<>();
        List<Fed> fed = new ArrayList<>();
        List<Draws.Row> fresh = new ArrayList<>();
        List<Draws.Row> read = new ArrayList<>();
        long[][] index = new long[rows.size()][most + 1];
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).pending.length == 0) {
                index[i][0] = fresh.size();
                logits.add(rows.get(i).target.next(rows.get(i).row, step));
                fresh.add(rows.get(i).draws);
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            int drafted = ahead[i];
            int first = row.pending.length == 0 ? 1 : 0;
            long[] tokens = joined(row.pending, Arrays.copyOf(drafts.tokens[i], drafted));
            for (int place = first; place <= most; place++) {
                index[i][place] = place <= drafted ? fresh.size() + read.size() + place - first : index[i][place - 1];
            }
            if (tokens.length > 0) {
                fed.add(new Fed(row.target, row.row, tokens));
                Arrays.stream(tokens).forEach(token -> read.add(row.draws));
            }
        }
        if (!fed.isEmpty()) {
            logits.add(Decoding.feed(fed, step));
        }
        List<Draws.Row> all = new ArrayList<>(fresh);
        all.addAll(read);
        return new Expected(probabilities(draft, NDArrays.concat(new NDList(logits)), all, step), index);
    }

    private static NDArray probabilities(Decoder any, NDArray logits, List<Draws.Row> rows, NDManager step) {
        DrawSettings settings = new Draws(rows.stream().map(row -> new Draws.Row(row.sampling(), new double[1],
                row.text())).toList()).settings(step);
        return any.program().runIn(step, "probabilities", Arg.of(logits), Arg.of(settings.arrays()),
                Arg.of(settings.flags())).singletonOrThrow();
    }

    /// What stands stays read, and the rest is forgotten, by both.
    private static Step keep(Row row, int length, long[] drafted, int ahead, int stand, long next) {
        row.target.cut(row.row, length + row.pending.length + stand);
        long[] tokens = joined(Arrays.copyOf(drafted, stand), new long[] {next});
        if (ahead == 0) {
            return new Step(tokens, joined(row.behind, new long[] {next}), 0);
        }
        int small = row.drafting.length(0) - (ahead - 1);
        row.drafting.cut(0, small + Math.min(stand, ahead - 1));
        return new Step(tokens, stand < ahead ? new long[] {next} : new long[] {drafted[ahead - 1], next}, ahead);
    }

    private static double[][] uniforms(List<Row> rows, int from, int to) {
        return rows.stream().map(row -> Arrays.copyOfRange(row.draws.uniforms(), from, to)).toArray(double[][]::new);
    }

    private static long[] joined(long[] first, long[] second) {
        long[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
