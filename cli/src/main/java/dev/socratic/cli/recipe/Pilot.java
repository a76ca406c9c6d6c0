package dev.socratic.cli.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.GenerateForecast;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what the first answers of a generation took, and foretells the rest.
public final class Pilot {
    private Pilot() {}

    /// @param config    of the whole generation
    /// @param few       the same for the pilot's questions alone
    /// @param folder    where the pilot's rows lie
    /// @param took      the pilot; empty where nothing was asked
    /// @param tokenizer folder of the model's tokenizer and chat template, where prompts are to be counted
    public static PilotForecast forecast(GenerateConfig config, GenerateConfig few, Path folder,
            Optional<Duration> took, Optional<Path> tokenizer) {
        List<Long> written = new ArrayList<>();
        long prompts = 0;
        long failed = 0;
        long cut = 0;
        for (String file : List.of("answers", "rejected", "failed")) {
            Path rows = folder.resolve(file + ".jsonl");
            if (!Files.exists(rows)) {
                continue;
            }
            try (RowReader read = RowFiles.read(rows, Quarantine.list())) {
                while (read.hasNext()) {
                    JsonNode row = read.next().json();
                    if (row.path("usage").isObject()) {
                        written.add(row.at("/usage/completion_tokens").asLong());
                        prompts += row.at("/usage/prompt_tokens").asLong();
                        cut += row.path("finish_reason").asText("").equals("length") ? 1 : 0;
                    } else {
                        failed++;
                    }
                }
            }
        }
        GenerateForecast whole = GenerateForecast.of(config);
        GenerateForecast pilot = GenerateForecast.of(few);
        long answers = whole.questions() * config.samples();
        double share = (double) written.size() / Math.max(1, pilot.questions() * few.samples());
        Optional<Long> counted = tokenizer.map(from -> counted(config, from));
        long scaled = pilot.promptTokens() == 0 || share == 0 ? whole.promptTokens()
                : Math.round(whole.promptTokens() * (prompts / (pilot.promptTokens() * share)));
        return new PilotForecast(answers, written, failed, cut, prompts, counted.orElse(scaled), counted.isPresent(),
                config.sampling().maxTokens(), parallel(config.teacher()), took, limits(config.teacher()),
                config.teacher()::price);
    }

    /// The prompts themselves, as the model's own chat template writes them.
    private static long counted(GenerateConfig config, Path folder) {
        ChatTemplate template = ChatTemplate.of(folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            return GenerateForecast.ofAsking(config, messages ->
                    tokenizer.encode(template.render(messages, true).text()).length).promptTokens();
        }
    }

    private static int parallel(TeacherConfig teacher) {
        return switch (teacher) {
            case TeacherConfig.Weights weights -> weights.batch();
            case TeacherConfig.Endpoint endpoint -> endpoint.concurrency();
        };
    }

    private static PilotForecast.Limits limits(TeacherConfig teacher) {
        return switch (teacher) {
            case TeacherConfig.Weights weights -> new PilotForecast.Limits(Optional.empty(), Optional.empty());
            case TeacherConfig.Endpoint endpoint -> new PilotForecast.Limits(endpoint.requestsPerMinute(),
                    endpoint.tokensPerMinute());
        };
    }
}
