package dev.socratic.models.embed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.checkpoint.PublishedJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a folder of `sentence-transformers` says about the way from states to a vector: `modules.json`,
/// `sentence_bert_config.json` and the pooling's `config.json`. What it asks for and this version does not do is
/// refused by name: a vector made otherwise would look as good and mean nothing.
///
/// @param pooling   of the states
/// @param normalize whether a vector is divided by its length
/// @param maxTokens longest text, the tokens around it included
public record SentenceConfig(Pooling pooling, boolean normalize, int maxTokens) {
    private static final String MODULES = "modules.json";
    private static final List<String> KINDS = List.of("Transformer", "Pooling", "Normalize");

    /// @return whether a folder is one of `sentence-transformers`
    public static boolean isOf(Path folder) {
        return Files.exists(folder.resolve(MODULES));
    }

    /// @param context longest sequence of the encoder
    /// @throws DataException with everything that is missing or not done here
    public static SentenceConfig read(Path folder, int context) {
        Path modules = folder.resolve(MODULES);
        if (!Files.exists(modules)) {
            throw new DataException(modules.toString(), "the modules of a sentence encoder, as sentence-transformers "
                    + "saves them", "no such file", "take a folder with it: an encoder alone says nothing about how a "
                    + "text becomes one vector");
        }
        List<Problem> problems = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        Path pooling = folder.resolve("1_Pooling");
        for (JsonNode module : PublishedJson.read(modules)) {
            String type = module.path("type").asText();
            String kind = type.substring(type.lastIndexOf('.') + 1);
            kinds.add(kind);
            pooling = kind.equals("Pooling") ? folder.resolve(module.path("path").asText()) : pooling;
        }
        if (!kinds.equals(KINDS) && !kinds.equals(KINDS.subList(0, 2))) {
            problems.add(new Problem(modules.toString(), "Transformer, Pooling and perhaps Normalize",
                    String.join(", ", kinds), "take a model made of these alone"));
        }
        SentenceConfig config = new SentenceConfig(pooling(pooling.resolve("config.json"), problems),
                kinds.contains("Normalize"), maxTokens(folder, context, problems));
        prompts(folder, problems);
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        return config;
    }

    private static Pooling pooling(Path file, List<Problem> problems) {
        JsonNode json = PublishedJson.read(file);
        List<String> on = json.properties().stream().filter(field -> field.getKey().startsWith("pooling_mode")
                && field.getValue().asBoolean()).map(java.util.Map.Entry::getKey).toList();
        Optional<Pooling> found = List.of(Pooling.values()).stream().filter(one -> on.equals(List.of(one.field())))
                .findFirst();
        if (found.isEmpty()) {
            problems.add(new Problem(file.toString(), "pooling_mode_mean_tokens or pooling_mode_cls_token alone",
                    on.isEmpty() ? "none" : String.join(", ", on), "take a model that is pooled so"));
        }
        return found.orElse(Pooling.MEAN);
    }

    private static int maxTokens(Path folder, int context, List<Problem> problems) {
        Path file = folder.resolve("sentence_bert_config.json");
        if (!Files.exists(file)) {
            return context;
        }
        JsonNode json = PublishedJson.read(file);
        if (json.path("do_lower_case").asBoolean()) {
            problems.add(new Problem(file + ": do_lower_case", "false: the tokenizer says what becomes of capitals",
                    "true", "take a model whose tokenizer does it"));
        }
        return Math.min(context, json.path("max_seq_length").asInt(context));
    }

    /// A prompt that is put before every text unless another is asked for.
    private static void prompts(Path folder, List<Problem> problems) {
        Path file = folder.resolve("config_sentence_transformers.json");
        String name = Files.exists(file) ? PublishedJson.read(file).path("default_prompt_name").asText("") : "";
        if (!name.isEmpty() && !name.equals("null")) {
            problems.add(new Problem(file + ": default_prompt_name", "none: texts are read as they are sent",
                    "'%s'".formatted(name), "write null there, and send the prompt with the text"));
        }
    }
}
