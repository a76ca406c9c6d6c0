package dev.socratic.models.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;

/// Everything of a merged folder that is no weights. Trainers put the tokenizer and the chat template an adapter was
/// trained with beside it: where
/// they are, they count, and the base's do not.
record MergedFiles(Path base, Path adapter) {
    private static final String CONFIG = "config.json";
    private static final String GENERATION = "generation_config.json";
    private static final String EOS = "eos_token_id";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final String TEMPLATE = "chat_template";

    /// @param rows of the merged embedding
    /// @return why the adapter's tokenizer does not fit; empty if it does
    Optional<Problem> problem(Optional<Long> rows) {
        Path file = adapter.resolve(TOKENIZER);
        if (!Files.exists(file) || rows.isEmpty()) {
            return Optional.empty();
        }
        JsonNode tokenizer = PublishedJson.read(file);
        LongStream.Builder ids = LongStream.builder();
        tokenizer.path("added_tokens").forEach(token -> ids.add(token.path("id").asLong()));
        tokenizer.path("model").path("vocab").properties().forEach(token -> ids.add(token.getValue().asLong()));
        long last = ids.build().max().orElse(-1);
        return last < rows.get() ? Optional.empty() : Optional.of(new Problem(file.toString(),
                "ids below %s, the rows of the merged embedding".formatted(rows.get()), "" + last,
                "the adapter was trained with a larger embedding: save it with save_embedding_layers=True, or "
                        + "remove this file"));
    }

    /// @param config of the merged model; empty where it is the base's
    /// @return what was taken from where
    List<String> copy(Path out, Optional<JsonNode> config) {
        boolean tokenizer = Files.exists(adapter.resolve(TOKENIZER)) || Files.exists(adapter.resolve(TOKENIZER_CONFIG));
        boolean template = Files.exists(adapter.resolve(TEMPLATE + ".jinja"))
                || Files.exists(adapter.resolve(TEMPLATE + ".json"))
                || Files.exists(adapter.resolve(TOKENIZER_CONFIG))
                && PublishedJson.read(adapter.resolve(TOKENIZER_CONFIG)).hasNonNull(TEMPLATE);
        Predicate<String> adapters = name -> tokenizer && ModelFiles.ofTokenizer(name)
                || template && ModelFiles.ofTemplate(name);
        boolean same = !tokenizer || sameVocabulary();
        Map<String, Path> files = new TreeMap<>();
        ModelFiles.of(base).forEach((name, file) -> {
            boolean stays = !adapters.test(name) || same && ModelFiles.ofVocabulary(name)
                    || ModelFiles.ofMoreTemplates(name);
            if (stays && ModelFiles.travels(name)) {
                files.put(name, file);
            }
        });
        List<String> notes = new ArrayList<>();
        List<String> own = new ArrayList<>();
        ModelFiles.of(adapter).forEach((name, file) -> {
            if (adapters.test(name)) {
                files.put(name, file);
                own.add(name);
            }
        });
        config.ifPresent(changed -> files.remove(CONFIG));
        files.forEach((name, file) -> AtomicFiles.write(out.resolve(name), stream -> Files.copy(file, stream)));
        config.ifPresent(changed -> AtomicFiles.write(out.resolve(CONFIG), Json.pretty(changed)));
        Optional<ObjectNode> ends = tokenizer ? ends() : Optional.empty();
        ends.ifPresent(generation -> AtomicFiles.write(out.resolve(GENERATION), Json.pretty(generation)));
        if (!own.isEmpty()) {
            notes.add("of the adapter's folder: " + String.join(", ", own));
        }
        notes.add("of the base: " + String.join(", ",
                files.keySet().stream().filter(name -> !own.contains(name)).toList()));
        config.ifPresent(changed -> notes.add("config.json is the base's but for what the adapter changed: "
                + changes(changed)));
        ends.ifPresent(generation -> notes.add("generation_config.json ends an answer at the adapter's eos_token "
                + "too: eos_token_id "
                + generation.get(EOS)));
        return notes;
    }

    /// @return the generation config of the merged model, where the adapter's tokenizer ends answers with a token that
    ///         the base's does not know of
    private Optional<ObjectNode> ends() {
        Path file = Files.exists(base.resolve(GENERATION)) ? base.resolve(GENERATION) : base.resolve(CONFIG);
        if (!Files.exists(adapter.resolve(TOKENIZER_CONFIG)) || !Files.exists(adapter.resolve(TOKENIZER))
                || !Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode said = PublishedJson.read(adapter.resolve(TOKENIZER_CONFIG)).path("eos_token");
        String token = said.isObject() ? said.path("content").asText("") : said.asText("");
        JsonNode tokenizer = PublishedJson.read(adapter.resolve(TOKENIZER));
        OptionalLong id = StreamSupport.stream(tokenizer.path("added_tokens").spliterator(), false)
                .filter(added -> added.path("content").asText().equals(token))
                        .mapToLong(added -> added.path("id").asLong()).findFirst();
        Set<Long> ends = new LinkedHashSet<>();
        JsonNode before = PublishedJson.read(file).path(EOS);
        (before.isArray() ? before : List.of(before)).forEach(end -> {
            if (end.isIntegralNumber()) {
                ends.add(end.asLong());
            }
        });
        if (token.isEmpty() || id.isEmpty() || !ends.add(id.getAsLong())) {
            return Optional.empty();
        }
        ObjectNode generation = file.endsWith(GENERATION) ? PublishedJson.read(file).deepCopy()
                : Json.mapper().createObjectNode();
        ends.forEach(generation.putArray(EOS)::add);
        return Optional.of(generation);
    }

    /// A tokenizer with more added tokens has the vocabulary it had: the files that hold only that, which other tools
    /// convert, are true of it.
    private boolean sameVocabulary() {
        Path one = base.resolve(TOKENIZER);
        Path other = adapter.resolve(TOKENIZER);
        return Files.exists(one) && Files.exists(other)
                && PublishedJson.read(one).path("model").equals(PublishedJson.read(other).path("model"));
    }

    private String changes(JsonNode changed) {
        JsonNode before = PublishedJson.read(base.resolve(CONFIG));
        List<String> fields = new ArrayList<>();
        changed.properties().forEach(field -> {
            if (!field.getValue().equals(before.path(field.getKey()))) {
                fields.add(field.getKey() + " " + field.getValue());
            }
        });
        return String.join(", ", fields);
    }
}
