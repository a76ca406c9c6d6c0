package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A forward pass over many rows that reads what several begin with once.
///
/// Every state is what reading its row alone gives, but for the rounding of products of other shapes. Where the
/// frequencies of a rope depend on a row's length, only rows with the same ones are read together.
///
/// Memory beside the weights: the activations of [#TOKENS] tokens, or of the longest stretch that is one path, and
/// keys and values of the shared beginnings that are open, one inside the other.
public final class SharedPass {
    /// Tokens read together where they are no single path: enough for products at full speed, and few enough that the
    /// scores of tokens which do not see each other cost little. Chosen by arithmetic: behind 1,000 tokens the scores
    /// of SmolLM2-135M are then half as much work as its products; other sizes were not measured.
    public static final int TOKENS = 512;

    private final Decoder decoder;
    private final int most;

    public SharedPass(Decoder decoder) {
        this(decoder, TOKENS);
    }

    SharedPass(Decoder decoder, int most) {
        this.decoder = decoder;
        this.most = most;
    }

    /// @param ids  at least one, at most the model's context
    /// @param from the first position whose state is wanted
    public record Row(long[] ids, int from) {}

    /// A wanted state.
    ///
    /// @param at       which of the states that are handed over together
    /// @param row      of the rows, the one it belongs to
    /// @param position in that row
    public record Place(int at, int row, int position) {}

    /// Takes states as they are read.
    @FunctionalInterface
    public interface Reader {
        /// @param states final ones, `[positions, hidden]`, gone after the call
        /// @param places ascending in `at`; those of a row come in the order of its positions, also from call to call
        void read(NDArray states, List<Place> places);
    }

    /// @param manager of what lives for the call
    public void run(List<Row> rows, NDManager manager, Reader reader) {
        Map<List<Integer>, List<Integer>> alike = new LinkedHashMap<>();
        IntStream.range(0, rows.size()).forEach(i -> alike.computeIfAbsent(
                decoder.config().ropes().stream().map(rope -> rope.lengthThatCounts(rows.get(i).ids().length)).toList(),
                key -> new ArrayList<>()).add(i));
        alike.values().forEach(numbers -> together(numbers, rows, manager, reader));
    }

    private void together(List<Integer> numbers, List<Row> rows, NDManager manager, Reader reader) {
        List<long[]> ids = numbers.stream().map(i -> rows.get(i).ids()).toList();
        int[] from = numbers.stream().mapToInt(i -> rows.get(i).from()).toArray();
        int positions = ids.stream().mapToInt(row -> row.length).max().orElseThrow();
        try (NDManager scope = manager.newSubManager()) {
            Arg tables = Arg.of(decoder.turns(positions, new int[] {positions}, scope));
            Deque<NDList> open = new ArrayDeque<>();
            open.push(decoder.program().runIn(scope, "nothing_before", Arg.of(decoder.embedding())));
            for (PrefixForest.Step step : PrefixForest.steps(ids, from, most)) {
                while (open.size() > step.level() + 1) {
                    open.pop().close();
                }
                try (NDManager inner = scope.newSubManager()) {
                    NDList read = read(step, positions, tables, open.peek(), inner);
                    if (step.kept()) {
                        NDList kept = new NDList(read.subList(1, read.size()));
                        kept.attach(scope);
                        open.push(kept);
                    }
                    if (step.wanted().length > 0) {
                        NDArray states = read.getFirst().reshape(step.ids().length, -1); // [new, hidden]
                        reader.read(decoder.rows(states, inner.create(longs(step.wanted()))),
                                step.marks().stream().map(mark ->
                                        new Place(mark.at(), numbers.get(mark.row()), mark.position())).toList());
                    }
                }
            }
        }
    }

    private NDList read(PrefixForest.Step step, int positions, Arg tables, NDList past, NDManager inner) {
        return decoder.inWeights("read_forest", inner, List.of(
                Arg.of(inner.create(step.ids(), new Shape(1, step.ids().length))), // [1, new]
                Arg.of(inner.create(longs(step.depths()))), Arg.of(inner.create(longs(step.ends()))),
                Arg.of(step.chain()), Arg.of(positions), tables),
                List.of(Arg.of(past), Arg.of(step.kept())));
    }

    private static long[] longs(int[] numbers) {
        return Arrays.stream(numbers).asLongStream().toArray();
    }
}
