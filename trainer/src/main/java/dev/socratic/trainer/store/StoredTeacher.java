package dev.socratic.trainer.store;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.run.Progress;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.trainer.TrainConfig;
import dev.socratic.trainer.batch.MicroBatch;
import dev.socratic.trainer.batch.RowEncoder;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.prepare.Corpus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A store in the place of a live teacher: the teacher's side of a training, read as its micro-batches come.
public final class StoredTeacher implements AutoCloseable {
    private final LogitStore store;
    private final StoreKernel kernel;

    StoredTeacher(LogitStore store, NDManager manager) {
        this.store = store;
        this.kernel = new StoreKernel(manager);
    }

    /// @return the store the config names; none where it names none, or the objective needs no teacher
    /// @throws DataException if it is no whole store
    public static Maybe open(TrainConfig config, Objective objective, NDManager manager) {
        return new Maybe(config.store().filter(ignored -> objective.needsTeacher()).map(path -> new StoredTeacher(LogitStore.open(path), manager)));
    }

    /// Before anything is loaded, from the two configs, the store's header and hashes.
    ///
    /// @param folder of the student, its tokenizer's files in it
    /// @throws ConfigException with everything the store cannot give and everything it was not made with
    /// @throws DataException   if it is no store
    public static void check(TrainConfig config, Objective objective, Path folder, Progress progress) {
        if (config.store().isEmpty() || !objective.needsTeacher()) {
            return;
        }
        Path path = config.store().get();
        Header header = Header.read(path);
        List<Problem> problems = new ArrayList<>(Supply.problems(objective, header.capture()));
        problems.addAll(header.otherText(path, folder));
        config.teacherFolder().ifPresent(teacher -> problems.addAll(header.otherTeacher(path, teacher)));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        if (header.capture().encoding() instanceof Encoding.TopK top && top.tail() == Encoding.Tail.RENORMALISE) {
            progress.note("the store's top_k with renormalise makes the target surer than the teacher; below k = 50 it was found worse than no teacher");
        }
    }

    /// @return width of a distribution: ids both sides know
    public int vocab() {
        return store.header().vocab();
    }

    /// Reads the data once, without the distributions: a row the store lacks is found before the first step instead of hours later.
    ///
    /// @throws DataException naming the first row it lacks
    public void requireAll(Corpus corpus, RowEncoder encoder) {
        long number = 0;
        long lacking = 0;
        String first = "";
        try (RowStream<Example> rows = corpus.pass()) {
            for (Iterator<Example> all = rows.iterator(); all.hasNext(); number++) {
                Example row = all.next();
                if (encoder.encode(row) instanceof RowEncoder.Verdict.Kept kept && !kept.row().all().stream().allMatch(store::has)) {
                    if (lacking++ == 0) {
                        first = "row #%d%s of %d tokens, of which %d count".formatted(
                                number, row.id().isEmpty() ? "" : " ('%s')".formatted(row.id()), kept.row().ids().length, kept.row().counting());
                    }
                }
            }
        }
        if (lacking > 0) {
            CaptureConfig made = store.header().capture();
            throw new DataException("data", "rows that the store %s was captured from".formatted(store.folder()),
                    "%d of %d that it lacks, the first %s".formatted(lacking, number, first),
                    "capture from this data with --set max_seq=%d --set too_long=%s --set loss_on=%s (the store has %d, %s and %s)".formatted(
                            encoder.maxSeq(), lower(encoder.tooLong()), lower(encoder.lossOn()), made.maxSeq(), lower(made.tooLong()), lower(made.lossOn())));
        }
    }

    private static String lower(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    /// @return what the store has of a micro-batch
    /// @throws DataException if it lacks a row of it, or a checksum is wrong
    public Part part(MicroBatch batch) {
        Map<Integer, Sample> samples = new HashMap<>();
        Sample[] owners = new Sample[batch.counting()];
        int[] numbers = new int[owners.length];
        for (int i = 0; i < owners.length; i++) {
            int place = Math.toIntExact(batch.positions()[i]);
            owners[i] = samples.computeIfAbsent(place / batch.seq(), row -> store.require(batch.origin().get(row)));
            numbers[i] = owners[i].number(place % batch.seq() + 1); // the input at a place predicts the token behind it
        }
        return new Part(owners, numbers, batch.labels());
    }

    @Override
    public void close() {
        kernel.close();
    }

    /// The counting positions of a micro-batch, in its order; tensors are made for as many of them as are asked for.
    public final class Part {
        private final Sample[] owners;
        private final int[] numbers;
        private final long[] labels;

        private Part(Sample[] owners, int[] numbers, long[] labels) {
            this.owners = owners;
            this.numbers = numbers;
            this.labels = labels;
        }

        /// @param from  first position
        /// @param to    the one behind the last
        /// @param scope owner of the tensor
        /// @return the teacher's logits up to a constant at each position, `[tokens, vocab]`: `temperature x log p`; nothing where the store has
        ///         only a part of p
        public Optional<NDArray> logits(int from, int to, NDManager scope) {
            if (!(store.header().capture().encoding() instanceof Encoding.Dense)) {
                return Optional.empty();
            }
            int vocab = vocab();
            float temperature = (float) store.header().capture().temperature();
            float[] logits = new float[(to - from) * vocab];
            for (int i = from; i < to; i++) {
                owners[i].logs(numbers[i], logits, (i - from) * vocab);
            }
            for (int i = 0; temperature != 1 && i < logits.length; i++) {
                logits[i] *= temperature;
            }
            return Optional.of(scope.create(logits, new Shape(to - from, vocab)));
        }

        /// @return the loss against what is there, where it is a part of p
        public Optional<Kept> kept(int from, int to, NDManager scope) {
            if (store.header().capture().encoding() instanceof Encoding.Dense) {
                return Optional.empty();
            }
            List<Target> targets = new ArrayList<>(to - from);
            for (int i = from; i < to; i++) {
                targets.add(owners[i].target(numbers[i], (int) labels[i]));
            }
            Targets tensors = Targets.of(targets, scope);
            return Optional.of(logits -> kernel.kl(logits, tensors));
        }
    }

    /// A store or none, for a scope that closes it.
    public record Maybe(Optional<StoredTeacher> teacher) implements AutoCloseable {
        @Override
        public void close() {
            teacher.ifPresent(StoredTeacher::close);
        }
    }
}
