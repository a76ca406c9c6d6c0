package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.Corpus;
import dev.socratic.trainer.data.ExampleEncoder;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.logits.StoreKernel;
import dev.socratic.trainer.logits.StoredSample;
import dev.socratic.trainer.objective.Objective;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/// Stores in the place of live teachers: the teachers' side of a training, read as its micro-batches come. None of
/// them has to be in memory.
public final class StoredTeacher implements AutoCloseable {
    private final List<LogitStore> stores;
    private final Objective objective;
    private final StoreKernel kernel;

    /// @param stores one for each teacher, the largest teacher first
    public StoredTeacher(List<LogitStore> stores, Objective objective, NDManager manager) {
        this.stores = List.copyOf(stores);
        this.objective = objective;
        this.kernel = new StoreKernel(manager);
    }

    /// @return the stores the config names; none where it names none, or the objective needs no teacher
    /// @throws DataException if one is no whole store
    public static Maybe open(TrainConfig config, Objective objective, NDManager manager) {
        List<LogitStore> stores = StoreChecks.named(config, objective).stream().map(LogitStore::open).toList();
        return new Maybe(stores.isEmpty()
                ? Optional.empty()
                : Optional.of(new StoredTeacher(stores, objective, manager)));
    }

    /// @return width of a distribution: ids both sides know
    public int vocab() {
        return stores.stream().mapToInt(store -> store.header().vocab()).min().orElseThrow();
    }

    /// Reads the data once, and of the distributions no more than an objective asks for beforehand: what a store
    /// lacks is found before the first step instead of hours later.
    ///
    /// @param encoder of the training's rows, with their teachers where rows have tags
    /// @param plain   the same without tags, for what it is set to
    /// @throws DataException naming the first row a store lacks
    public void requireAll(Corpus corpus, ExampleEncoder encoder, RowEncoder plain) {
        for (int teacher = 0; teacher < stores.size(); teacher++) {
            requireAll(teacher, corpus, encoder, plain);
        }
    }

    private void requireAll(int teacher, Corpus corpus, ExampleEncoder encoder, RowEncoder plain) {
        LogitStore store = stores.get(teacher);
        boolean labels = objective.weighsByLabel() && !(store.header().capture().encoding() instanceof Encoding.Dense);
        long number = 0;
        long lacking = 0;
        String first = "";
        try (RowStream<Example> rows = corpus.readable()) {
            for (Iterator<Example> all = rows.iterator(); all.hasNext(); number++) {
                Example row = all.next();
                if (encoder.encode(row) instanceof RowEncoder.Verdict.Kept kept
                        && objective.learnsFrom(teacher, kept.row().teacher())) {
                    if (!kept.row().answers().stream().allMatch(store::contains)) {
                        if (lacking++ == 0) {
                            first = "%s of %s tokens, of which %s are in the loss".formatted(named(number, row),
                                    kept.row().ids().length, kept.row().lossTokens());
                        }
                    } else if (labels) {
                        requireLabels(store, kept.row(), named(number, row));
                    }
                }
            }
        }
        if (lacking > 0) {
            CaptureConfig made = store.header().capture();
            throw new DataException("data", "rows that the store %s was captured from".formatted(store.folder()),
                    "%s of %s that it lacks, the first %s".formatted(lacking, number, first),
                    ("capture from this data with --set max_seq=%s --set too_long=%s --set loss_on=%s (the store "
                            + "has %s, %s and %s)").formatted(
                            plain.maxSeq(), lower(plain.tooLong()), lower(plain.lossOn()), made.longest(),
                                    lower(made.tooLong()), lower(made.lossOn())));
        }
    }

    /// Of the likeliest k a store knows each probability, of other labels none.
    private static void requireLabels(LogitStore store, TokenRow row, String name) {
        StoredSample sample = store.require(row);
        for (int position : sample.positions()) {
            if (Float.isNaN(sample.labelLogProb(sample.number(position), row.ids()[position]))) {
                throw new DataException("data",
                        ("labels among the likeliest tokens of the store %s, whose probabilities 'label' weighs "
                                + "teachers by").formatted(store.folder()),
                        "%s, whose token %s is not among them".formatted(name, position),
                                "capture with a larger k or --encoding dense, or write another weigh");
            }
        }
    }

    private static String named(long number, Example row) {
        return "row #%s%s".formatted(number, row.id().isEmpty() ? "" : " ('%s')".formatted(row.id()));
    }

    private static String lower(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /// @return what each store has of a micro-batch
    /// @throws DataException if one lacks a row of it that it teaches, or a checksum is wrong
    public List<TeacherOutput> outputs(MicroBatch batch) {
        return IntStream.range(0, stores.size()).<TeacherOutput>mapToObj(teacher -> output(teacher, batch)).toList();
    }

    private StoredOutput output(int teacher, MicroBatch batch) {
        LogitStore store = stores.get(teacher);
        List<Optional<StoredSample>> samples = batch.tokenRows().stream()
                .map(row -> objective.learnsFrom(teacher, row.teacher())
                        ? Optional.of(store.require(row))
                        : Optional.<StoredSample>empty())
                .toList();
        int[] rows = new int[batch.lossTokens()];
        int[] numbers = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int place = Math.toIntExact(batch.lossPositions()[i]);
            rows[i] = place / batch.seq();
            // the input at a place predicts the token behind it
            numbers[i] = samples.get(rows[i]).map(sample -> sample.number(place % batch.seq() + 1)).orElse(0);
        }
        return new StoredOutput(store.header(), kernel, samples, rows, numbers, batch.labels());
    }

    @Override
    public void close() {
        kernel.close();
    }

    /// Stores or none, for a scope that closes them.
    public record Maybe(Optional<StoredTeacher> teacher) implements AutoCloseable {
        @Override
        public void close() {
            teacher.ifPresent(StoredTeacher::close);
        }
    }
}
