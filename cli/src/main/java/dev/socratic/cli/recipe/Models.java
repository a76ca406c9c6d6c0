package dev.socratic.cli.recipe;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Batching;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.TextEmbedder;
import dev.socratic.core.text.TextModel;
import dev.socratic.generator.endpoint.EndpointDistributions;
import dev.socratic.generator.endpoint.EndpointEmbedder;
import dev.socratic.generator.endpoint.EndpointModel;
import dev.socratic.generator.endpoint.EndpointScores;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.embed.FolderEmbedder;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.generate.Batches;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.trainer.config.ServedTeacherConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Opens whoever is to answer: local weights or an endpoint. The only place where the two meet.
public final class Models {
    private Models() {}

    /// @param environment where a key may be
    /// @param seed        of the pauses between retries
    public static TextModel teacher(TeacherConfig config, Map<String, String> environment, long seed,
            int threads, Compute compute) {
        return switch (config) {
            case TeacherConfig.Weights weights -> drafted(weights(weights.path(),
                    Batches.of(weights.batching().orElse(Batching.FIXED), weights.batch()), threads, compute),
                    weights.draft(), compute);
            case TeacherConfig.Endpoint endpoint -> EndpointModel.open(endpoint, environment, seed);
        };
    }

    /// An endpoint that says how likely a text is, where it does.
    ///
    /// @param environment where a key may be
    /// @param seed        of the pauses between retries
    static TextModel scoring(TeacherConfig.Endpoint config, Map<String, String> environment, long seed) {
        return EndpointScores.open(config, environment, seed);
    }

    /// @param environment where a key may be
    public static TextEmbedder embedder(TeacherConfig config, Map<String, String> environment, int threads,
            Compute compute) {
        return switch (config) {
            case TeacherConfig.Weights weights -> {
                Engines.threads(threads);
                yield FolderEmbedder.open(weights.path(), weights.batch(),
                        compute.only("an encoder", FloatType.FLOAT32));
            }
            case TeacherConfig.Endpoint endpoint -> EndpointEmbedder.open(endpoint, environment, 0);
        };
    }

    /// @param draft who drafts for it, where anybody does
    public static LocalModel drafted(LocalModel model, Optional<TeacherConfig.Draft> draft, Compute compute) {
        try {
            return draft.map(by -> model.draftedBy(by.path(), by.tokens(), compute)).orElse(model);
        } catch (RuntimeException | Error failed) {
            model.close();
            throw failed;
        }
    }

    /// @param cache folder for an endpoint's answers, where its config keeps them
    /// @param seed  of the pauses between retries
    public static DistributionModel distributions(TeacherConfig.Endpoint config, Path cache,
            Map<String, String> environment, long seed)
            throws InterruptedException {
        return EndpointDistributions.open(config, environment, cache, seed);
    }

    /// A teacher that a training asks at every step; its answers are not kept.
    ///
    /// @param seed of the pauses between retries
    public static DistributionModel distributions(ServedTeacherConfig teacher, Map<String, String> environment,
            long seed) throws InterruptedException {
        Map<String, Object> config = new LinkedHashMap<>(Map.of("base_url", teacher.baseUrl(), "model",
                teacher.model(), "concurrency", teacher.concurrency(), "timeout", teacher.timeout(), "cache", false));
        teacher.keyEnv().ifPresent(variable -> config.put("key_env", variable));
        return distributions(ConfigReader.read(Json.line(config), "served_teacher", TeacherConfig.Endpoint.class),
                Path.of(""), environment, seed);
    }

    /// @param batch requests answered together
    public static LocalModel weights(Path folder, int batch, int threads, Compute compute) {
        return weights(folder, Batches.fixed(batch), threads, compute);
    }

    /// @param batches how requests are answered together
    public static LocalModel weights(Path folder, Batches batches, int threads, Compute compute) {
        Engines.threads(threads);
        return LocalModel.open(folder, batches, ChatTemplate.DAY, compute);
    }
}
