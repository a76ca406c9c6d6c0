package dev.socratic.cli.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.Places;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.generator.FirstSteps;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.generator.strategy.Ask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The first prompts of a generation as they would be sent, and the first answers where they were asked for.
public final class Preview {
    private Preview() {}

    /// @param id       of the question
    /// @param messages that would be sent
    public record Prompt(String id, List<ChatMessage> messages) {}

    /// @param file   the row stands in: `answers`, `rejected` or `failed`
    /// @param reason why it is no answer to keep; empty where it is one
    /// @param text   the assistant's message, or what went wrong
    public record Answer(String file, String question, String reason, String text) {}

    /// @param most questions
    /// @throws dev.socratic.core.error.ConfigException if prompt or questions are wrong
    public static List<Prompt> prompts(GenerateConfig config, int most) {
        Findings findings = new Findings(Places.none());
        PromptCheck check = new PromptCheck(findings);
        List<Prompt> prompts = new ArrayList<>();
        try (RowStream<Question> rows = config.questions().open(Quarantine.list(), config.seed())) {
            Iterator<Question> all = rows.iterator();
            while (prompts.size() < most && all.hasNext()) {
                Question question = all.next();
                if (!(config.strategy() instanceof Ask)) {
                    FirstSteps.of(config, List.of(question), question).forEach(query -> prompts.add(new Prompt(
                            "%s, step '%s' of %s".formatted(question.id(), query.step(), query.role()),
                            query.messages())));
                    continue;
                }
                check.messages("generate", config.prompt(), config.fewShot(), question)
                        .ifPresent(messages -> prompts.add(new Prompt(question.id(), messages)));
                findings.require();
            }
        }
        return prompts;
    }

    /// @param generate the stage's folder
    /// @return what lies there, answers to keep first
    public static List<Answer> answers(Path generate) {
        List<Answer> answers = new ArrayList<>();
        for (String file : List.of("answers", "rejected", "failed")) {
            Path rows = generate.resolve(file + ".jsonl");
            if (!Files.exists(rows)) {
                continue;
            }
            try (RowReader read = RowFiles.read(rows, Quarantine.list())) {
                read.forEachRemaining(row -> answers.add(answer(file, row.json())));
            }
        }
        return answers;
    }

    private static Answer answer(String file, JsonNode row) {
        JsonNode messages = row.path("messages");
        String text = messages.isArray() && !messages.isEmpty()
                ? messages.get(messages.size() - 1).path("content").asText() : row.path("problem").asText();
        return new Answer(file, row.path("question_id").asText(row.path("id").asText()), row.path("reason").asText(""),
                text);
    }

    /// @return the same as an object a script reads
    public static Map<String, Object> json(List<Prompt> prompts, List<Answer> answers) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("prompts", prompts);
        all.put("answers", answers);
        return all;
    }
}
