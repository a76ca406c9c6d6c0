package dev.socratic.eval.harness;

import dev.socratic.core.json.Json;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.eval.harness.task.TaskIndex;
import java.util.Locale;

/// What a suite asks of a model, counted on its data.
///
/// @param tasks     how many
/// @param documents of all of them
/// @param scored    texts whose likelihood is asked for
/// @param answers   texts to be written: documents times `repeats`
/// @param promptTokens of these, about: a token for four characters
/// @param mostTokens   of these, at most
public record SuiteForecast(int tasks, long documents, long scored, long answers, long promptTokens,
        long mostTokens) {
    private static final SuiteForecast NONE = new SuiteForecast(0, 0, 0, 0, 0, 0);
    private static final int CHARACTERS = 4;

    /// @throws dev.socratic.core.error.SocraticException where tasks or data are not right
    public static SuiteForecast of(Suite suite) {
        SuiteForecast all = NONE;
        for (TaskIndex.Chosen chosen : TaskIndex.of(suite.include()).select(suite.tasks()).tasks().values()) {
            all = all.plus(of(SuiteTask.of(chosen.yaml(), chosen.overrides(), suite, (messages, continues) ->
                    Json.line(messages))));
        }
        return all;
    }

    private static SuiteForecast of(SuiteTask task) {
        long documents = task.asked().size();
        long requests = task.asked().stream().mapToLong(asked -> asked.arguments().size()).sum();
        if (task.generation().isEmpty()) {
            return new SuiteForecast(1, documents, requests, 0, 0, 0);
        }
        GenerationParameters generation = task.generation().get();
        long repeats = task.config().scoring().repeats();
        long characters = task.asked().stream().flatMap(asked -> asked.arguments().stream())
                .mapToLong(argument -> argument.prompt().length()).sum();
        return new SuiteForecast(1, documents, 0, documents * repeats, repeats * characters / CHARACTERS,
                documents * repeats * generation.maxTokens());
    }

    private SuiteForecast plus(SuiteForecast other) {
        return new SuiteForecast(tasks + other.tasks, documents + other.documents, scored + other.scored,
                answers + other.answers, promptTokens + other.promptTokens, mostTokens + other.mostTokens);
    }

    /// @return one line
    public String line() {
        String written = answers == 0 ? "" : String.format(Locale.ROOT,
                ", %,d answers of about %,d prompt tokens and at most %,d new ones", answers, promptTokens, mostTokens);
        return String.format(Locale.ROOT, "%,d tasks of %,d documents%s%s", tasks, documents,
                scored == 0 ? "" : String.format(Locale.ROOT, ", %,d texts scored", scored), written);
    }
}
