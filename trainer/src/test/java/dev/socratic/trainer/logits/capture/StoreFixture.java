package dev.socratic.trainer.logits.capture;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.config.Bos;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.teacher.StoredTeacher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A tiny random teacher with the embedded tokenizer, and rows for it.
public final class StoreFixture {
    public static final Path EMBEDDED = Path.of("../recipes/embedded/teacher");

    private StoreFixture() {}

    public static Path teacher(Path folder, long seed) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
            Files.copy(EMBEDDED.resolve(name), folder.resolve(name));
        }
        // Eight rows of the embedding stand for no token.
        ModelConfig config = ModelConfig.llama(1032, 16, 1, 2, 2, 24, 256, true, SpecialTokens.none())
                .withInitializerRange(0.3);
        try (NDManager manager = Engines.manager();
                Decoder decoder = Decoder.random(config, seed, manager)) {
            decoder.save(folder, DType.F32);
        }
        return folder;
    }

    public static ExampleSource rows(int count) {
        return new ExampleSource.WordProblems(Split.TRAIN, count, 3, new Form.Worked("Think step by step."));
    }

    /// Four rows a block.
    public static CaptureConfig config(Encoding encoding) {
        return new CaptureConfig(encoding, 1, 7, Optional.of(200), TooLong.DROP, Bos.TOKENIZER, LossOn.ASSISTANT, 512,
                4);
    }

    /// The same at another temperature and with other draws.
    public static CaptureConfig config(Encoding encoding, double temperature, long seed) {
        return new CaptureConfig(encoding, temperature, seed, Optional.of(200), TooLong.DROP, Bos.TOKENIZER,
                LossOn.ASSISTANT, 512, 4);
    }

    public static Path capture(Path teacher, Path store, ExampleSource rows, CaptureConfig config) throws IOException {
        LogitCapture.run(teacher, rows, config, context(store, Progress.SILENT), Compute.CPU);
        return store;
    }

    /// @return rows as tokens
    public static List<TokenRow> encoded(Path teacher, ExampleSource rows) {
        List<TokenRow> all = new ArrayList<>();
        try (LocalTeacher asked = new LocalTeacher(new TeacherSource.Weights(teacher),
                config(new Encoding.Sampled(50)), Compute.CPU);
                RowStream<Example> stream = rows.open(Quarantine.list(), 7)) {
            for (Example row : (Iterable<Example>) stream::iterator) {
                all.add(((RowEncoder.Verdict.Kept) asked.encoder().encode(row)).row());
            }
        }
        return all;
    }

    public static StoredTeacher stored(List<Path> stores, Objective objective, NDManager manager) {
        return new StoredTeacher(stores.stream().map(LogitStore::open).toList(), objective, manager);
    }

    public static StageContext context(Path folder, Progress progress) throws IOException {
        return new StageContext(Files.createDirectories(folder), progress, Clock.systemUTC(), 1);
    }
}
