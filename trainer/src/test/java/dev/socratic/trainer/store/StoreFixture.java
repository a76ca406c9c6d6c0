package dev.socratic.trainer.store;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.decoder.Decoder;
import dev.socratic.models.decoder.ModelConfig;
import dev.socratic.models.decoder.SpecialTokens;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// A tiny random teacher with the embedded tokenizer, and rows for it.
final class StoreFixture {
    static final Path EMBEDDED = Path.of("../recipes/embedded/teacher");

    private StoreFixture() {}

    static Path teacher(Path folder, long seed) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
            Files.copy(EMBEDDED.resolve(name), folder.resolve(name));
        }
        // Eight rows of the embedding stand for no token.
        ModelConfig config = ModelConfig.llama(1032, 16, 1, 2, 2, 24, 256, true, SpecialTokens.none()).withInitializerRange(0.3);
        try (NDManager manager = Engines.manager();
                Decoder decoder = Decoder.random(config, seed, manager)) {
            decoder.save(folder, DType.F32);
        }
        return folder;
    }

    static ExampleSource rows(int count) {
        return new ExampleSource.WordProblems(Split.TRAIN, count, 3, new Form.Worked("Think step by step."));
    }

    /// Four rows a block.
    static CaptureConfig config(Encoding encoding) {
        return new CaptureConfig(encoding, 1, 7, 200, TooLong.DROP, LossOn.ASSISTANT, 512, 4);
    }

    static StageContext context(Path folder, Progress progress) throws IOException {
        return new StageContext(Files.createDirectories(folder), progress, Clock.systemUTC(), 1);
    }
}
