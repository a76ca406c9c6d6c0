package dev.socratic.trainer.data;

import dev.socratic.core.error.DataException;
import dev.socratic.core.seed.Seeds;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.trainer.config.Packing;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/// Micro-batches without end: epoch after epoch, window after window of an epoch. At most one window is in
/// memory.
///
/// Where it stands is a [Place]; a stream opened at a place gives what the first one would have given from there on.
/// To get there the rows before it are read again, but not tokenised.
public final class BatchStream implements AutoCloseable {
    private final String name;
    private final Supplier<RowStream<Example>> source;
    private final ExampleEncoder encoder;
    private final Settings settings;
    private final IntUnaryOperator numbers;

    private RowStream<Example> open;
    private Iterator<Example> rows;
    private long epoch;
    private long windowStart;
    private int windowRows;
    private List<MicroBatch> window = List.of();
    private int next;
    private boolean epochHadRows;
    private RowCounts rowCountsBefore;
    private RowCounts rowCounts;

    /// @param name   of the data, for messages
    /// @param source opens the data from its first row; the same rows each time
    /// @param from   where to begin, [Place#START] for a new run
    public BatchStream(String name, Supplier<RowStream<Example>> source, ExampleEncoder encoder, Settings settings,
            Position from) {
        this(name, source, encoder, settings, from, row -> row);
    }

    /// @param numbers of each row of a pass, its number in the data
    public BatchStream(String name, Supplier<RowStream<Example>> source, ExampleEncoder encoder, Settings settings,
            Position from, IntUnaryOperator numbers) {
        this.numbers = numbers;
        this.name = name;
        this.source = source;
        this.encoder = encoder;
        this.settings = settings;
        this.epoch = from.epoch();
        this.windowStart = from.row();
        this.rowCountsBefore = from.rowCounts();
        this.rowCounts = from.rowCounts();
        this.epochHadRows = from.row() > 0;
        openAt(from.row());
        if (from.batch() > 0) {
            fill();
            this.next = from.batch();
        }
    }

    /// @return the next micro-batch; never ends
    /// @throws DataException if a whole epoch holds no row to learn from
    public MicroBatch next() {
        while (next >= window.size()) {
            leaveWindow();
            fill();
        }
        MicroBatch batch = window.get(next++);
        if (next == window.size() && !rows.hasNext()) {
            leaveWindow(); // so that the place after the last batch of a pass is the start of the next pass
        }
        return batch;
    }

    /// @return where the next micro-batch is
    public Position position() {
        return new Position(epoch, windowStart, next, rowCountsBefore);
    }

    /// @return rows seen in the first epoch and what became of them, the current window included
    public RowCounts rowCounts() {
        return rowCounts;
    }

    /// @param passRows rows of a whole epoch
    /// @return passes done, the current one as a share of its rows
    public double epochs(long passRows) {
        double inWindow = window.isEmpty() ? 0 : (double) windowRows * next / window.size();
        return epoch + (windowStart + inWindow) / passRows;
    }

    private void leaveWindow() {
        windowStart += windowRows;
        windowRows = 0;
        window = List.of();
        next = 0;
        rowCountsBefore = rowCounts;
        if (!rows.hasNext()) {
            if (!epochHadRows) {
                throw new DataException(
                        name,
                        "at least one row to learn from",
                        rowCounts.read() == 0 ? "no rows"
                                : "%s rows, all dropped: %s".formatted(rowCounts.read(), rowCounts.dropped()),
                        remedy(rowCounts.dropped().keySet()));
            }
            epoch++;
            windowStart = 0;
            epochHadRows = false;
            openAt(0);
        }
    }

    private void fill() {
        List<TokenRow> kept = new ArrayList<>();
        while (windowRows < settings.window() && rows.hasNext()) {
            int number = Math.toIntExact(windowStart + windowRows++);
            RowEncoder.Verdict verdict = encoder.encode(rows.next());
            if (verdict instanceof RowEncoder.Verdict.Kept one) {
                kept.add(one.row().withNumber(numbers.applyAsInt(number)));
            }
            if (epoch == 0) {
                rowCounts = rowCounts.with(verdict);
            }
        }
        if (epoch == 0) {
            rowCounts = rowCounts.withWindowHash(kept);
        }
        epochHadRows |= !kept.isEmpty();
        long seed = Seeds.derive(settings.seed(), "window", Long.toString(epoch), Long.toString(windowStart));
        window = kept.isEmpty() ? List.of() : MicroBatches.of(settings.packing(), kept,
                settings.microTokens(), seed);
    }

    private void openAt(long row) {
        close();
        open = source.get();
        rows = open.iterator();
        for (long i = 0; i < row; i++) {
            if (!rows.hasNext()) {
                throw new DataException(
                        name,
                        "at least %s rows, as many as were read before".formatted(row),
                        "%s".formatted(i),
                        "the data was changed after training began: restore it, or delete the folder's checkpoints "
                                + "to train anew");
            }
            rows.next();
        }
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
        }
    }

    /// @param window      rows shuffled and sorted together
    /// @param microTokens most tokens of a micro-batch, padding included
    /// @param packing     how they become micro-batches
    /// @param seed        of the order
    public record Settings(int window, int microTokens, Packing packing, long seed) {
        /// Without packing.
        public Settings(int window, int microTokens, long seed) {
            this(window, microTokens, Packing.NONE, seed);
        }
    }

    /// @param epoch     epochs that are complete
    /// @param row       first row of the current window, in its epoch
    /// @param batch     next micro-batch of the window
    /// @param rowCounts what the windows before this one held
    public record Position(long epoch, long row, int batch, RowCounts rowCounts) {
        public static final Position START = new Position(0, 0, 0, RowCounts.EMPTY);
    }

    private static String remedy(Set<String> reasons) {
        if (reasons.contains("too_long")) {
            return "raise max_seq or write too_long: truncate";
        }
        if (reasons.contains("cut_before_the_answer")) {
            return "raise max_seq: the prompts alone are as long, and 'too_long: truncate' cuts behind them";
        }
        if (reasons.contains("refused_by_tokenizer")) {
            return "the tokenizer has no token for a character of each row: look at it with socratic inspect --check";
        }
        if (reasons.contains("no_pair")) {
            return "the objective compares two answers: give rows with prompt, chosen and rejected, or take another "
                    + "objective";
        }
        if (reasons.contains("pair")) {
            return "rows of two answers are for objectives such as dpo and simpo: take one, or map fields: {user: "
                    + "prompt, assistant: chosen}";
        }
        return "look at the file: each row needs messages with an assistant turn, or text";
    }
}
