import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.text.TextMarks;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.data.LazyTemplate;
import dev.socratic.trainer.data.LengthBuckets;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.logits.StoreFacts;
import dev.socratic.trainer.logits.capture.LogitCapture;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.teacher.StoredOutput;
import dev.socratic.trainer.teacher.StoredTeacher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Positions a second read from a store, micro-batches in random order as the trainer asks for them, tensors made,
/// beside the positions a second that the embedded base student trains at from the same store in the same process.
/// The files lie in the page cache: they were just written.
///
/// Argument: processor threads of the training (default 1); the reading has one.
final class StoreReading {
    private static final int WARM_UP = 3;

    public static void main(String[] args) throws Exception {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        Path folder = Files.createTempDirectory("store-reading");
        for (String encoding : List.of("sampled", "{top_k: {k: 64}}", "{dense: {precision: half}}")) {
            Path store = Files.createDirectories(folder.resolve("store-" + Math.abs(encoding.hashCode())));
            TrainConfig config = ConfigReader.read(CONFIG.formatted(store), "bench", TrainConfig.class);
            ExampleSource data = config.data().orElseThrow();
            CaptureConfig capture = ConfigReader.read("encoding: " + encoding + "\nmax_seq: 256\ntemperature: 2",
                    "bench", CaptureConfig.class);
            LogitCapture.run(TEACHER, data, capture,
                    new StageContext(store, Progress.SILENT, Clock.systemUTC(), threads), Compute.CPU);
            double read = reading(config, rows(data, config));
            Steps steps = new Steps();
            Path student = Files.createDirectories(folder.resolve("student-" + Math.abs(encoding.hashCode())));
            long counted = (long) TrainStage.run(config, new StageContext(student, steps, Clock.systemUTC(), threads),
                    Compute.CPU)
                    .notes().get("counted_tokens");
            double trained = counted * steps.share() / steps.seconds();
            System.out.printf(
                    "%-26s %6.1f bytes a position: %,9.0f positions/s read, %,7.0f trained with %d thread(s), ratio "
                            + "%.1f%n",
                    encoding, StoreFacts.of(LogitStore.open(store))
                            .bytesAPosition(), read, trained, threads, read / trained);
        }
    }

    private static final Path TEACHER = Path.of("recipes/embedded/teacher").toAbsolutePath();

    private static List<TokenRow> rows(ExampleSource data, TrainConfig config) {
        List<TokenRow> rows = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.open(TEACHER);
                RowStream<Example> stream = data.open(Quarantine.list(), 1)) {
            RowEncoder encoder = new RowEncoder(tokenizer, new LazyTemplate(TEACHER), TextMarks.of(TEACHER, tokenizer),
                    config.lossOn(), config.longest(), config.tooLong());
            for (Iterator<Example> all = stream.iterator(); all.hasNext(); ) {
                if (encoder.encode(all.next()) instanceof RowEncoder.Verdict.Kept kept) {
                    rows.add(kept.row());
                }
            }
        }
        return rows;
    }

    /// Best of five passes, each in another order.
    private static double reading(TrainConfig config, List<TokenRow> rows) {
        double best = 0;
        try (NDManager manager = Engines.manager();
                StoredTeacher.Maybe store = StoredTeacher.open(config, Objective.named(config.objective()), manager)) {
            for (int pass = 0; pass < 5; pass++) {
                List<MicroBatch> batches = LengthBuckets.of(rows, config.microTokens(), pass);
                long positions = 0;
                long began = System.nanoTime();
                for (MicroBatch batch : batches) {
                    try (NDManager scope = manager.newSubManager()) {
                        StoredOutput stored = (StoredOutput) store.teacher().orElseThrow().outputs(batch).getFirst();
                        stored.target(0, batch.lossTokens(), scope);
                        positions += batch.lossTokens();
                    }
                }
                best = Math.max(best, positions * 1e9 / (System.nanoTime() - began));
            }
        }
        return best;
    }

    /// Clocks every step but the first ones.
    private static final class Steps implements Progress {
        private int seen;
        private long all;
        private long tokens;
        private long begun;
        private long ended;

        @Override
        public void spent(Usage usage) {
            all += usage.promptTokens();
            if (++seen > WARM_UP) {
                tokens += usage.promptTokens();
                ended = System.nanoTime();
            } else if (seen == WARM_UP) {
                begun = System.nanoTime();
            }
        }

        /// @return of the tokens, those that were clocked
        double share() {
            return (double) tokens / all;
        }

        double seconds() {
            return (ended - begun) / 1e9;
        }

        @Override
        public void total(long items) {}

        @Override
        public void done(long items) {}

        @Override
        public void failed(long items) {}

        @Override
        public void note(String line) {}
    }

    private static final String CONFIG = """
            name: bench
            student: {folder: {path: recipes/embedded/base}}
            data: {word_problems: {count: 400, seed: 1}}
            objective: word_kd
            store: "%s"
            budget: {steps: {n: 12}}
            batch_tokens: 4096
            micro_tokens: 2048
            max_seq: 256
            checkpoint_every: 1000
            """;
}
