package dev.socratic.cli;

import dev.socratic.cli.serve.OpenAiServer;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import dev.socratic.generator.endpoint.EndpointDistributions;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.config.Bos;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.capture.LogitCapture;
import dev.socratic.trainer.logits.capture.TeacherSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A tiny random teacher with the embedded tokenizer, rows for it, and captures of it from here and over HTTP.
final class ServedFixture {
    static final Path EMBEDDED = Path.of("../recipes/embedded/teacher");

    private ServedFixture() {}

    static Path teacher(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
            Files.copy(EMBEDDED.resolve(name), folder.resolve(name));
        }
        // Eight rows of the embedding stand for no token.
        ModelConfig config = ModelConfig.llama(1032, 16, 1, 2, 2, 24, 256, true, SpecialTokens.none())
                .withInitializerRange(0.3);
        try (Decoder decoder = Decoder.random(config, 1, Engines.manager())) {
            decoder.save(folder, DType.F32);
        }
        return folder;
    }

    static ExampleSource rows() {
        return new ExampleSource.WordProblems(Split.TRAIN, 14, 3, new Form.Worked("Think step by step."));
    }

    /// Four rows a block.
    static CaptureConfig config(Encoding encoding, double temperature) {
        return new CaptureConfig(encoding, temperature, 7, Optional.of(200), TooLong.DROP, Bos.TOKENIZER,
                LossOn.ASSISTANT, 512, 4);
    }

    static StageContext context(Path folder) throws IOException {
        return new StageContext(Files.createDirectories(folder), Progress.SILENT, Clock.systemUTC(), 1);
    }

    static Path local(Path teacher, Path store, CaptureConfig config) throws IOException {
        LogitCapture.run(teacher, rows(), config, context(store), Compute.CPU);
        return store;
    }

    static Path served(String address, Path tokenizer, Path store, CaptureConfig config)
            throws IOException, InterruptedException {
        try (DistributionModel model = open(address, store.resolveSibling("cache"))) {
            StageReport unused = LogitCapture.run(new TeacherSource.Served(model, tokenizer), rows(), config,
                    context(store), Compute.CPU);
        }
        return store;
    }

    static DistributionModel open(String address, Path cache) throws InterruptedException {
        return EndpointDistributions.open(endpoint(address), Map.of(), cache, 1);
    }

    static TeacherConfig.Endpoint endpoint(String address) {
        return new TeacherConfig.Endpoint(address, "teacher", Optional.empty(), 3, Optional.empty(), Optional.empty(),
                60, 0, 0, 0, false);
    }

    /// Our own server over the teacher.
    record Server(LocalModel model, OpenAiServer server) implements AutoCloseable {
        static Server over(Path teacher) {
            Engines.threads(1);
            LocalModel model = LocalModel.open(teacher, 8, Clock.systemUTC(), Compute.CPU);
            return new Server(model, OpenAiServer.start(model, 0));
        }

        String address() {
            return "http://127.0.0.1:%s/v1".formatted(server.port());
        }

        @Override
        public void close() {
            server.close();
            model.close();
        }
    }
}
