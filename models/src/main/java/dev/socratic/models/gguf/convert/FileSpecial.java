package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.models.checkpoint.PublishedJson;
import dev.socratic.models.generate.EosTokens;
import dev.socratic.models.gguf.MetadataValue;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Ids with a meaning of their own and chat templates of a folder, as a GGUF keeps them.
final class FileSpecial {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String TEMPLATE = "tokenizer.chat_template";

    private final Path folder;
    private final SpecialTokens special;
    private final JsonNode tokenizerConfig;

    FileSpecial(Path folder, ModelConfig config) {
        this.folder = folder;
        this.special = config.special();
        Path file = folder.resolve("tokenizer_config.json");
        this.tokenizerConfig = Files.exists(file) ? PublishedJson.read(file) : MissingNode.getInstance();
    }

    Map<String, MetadataValue> values() {
        Map<String, MetadataValue> values = new LinkedHashMap<>();
        Map<String, String> named = ChatTemplate.specialTokens(folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            OptionalLong bos = id(named, "bos_token", tokenizer, special.bos());
            put(values, "bos", bos);
            ends(values, named, tokenizer);
            put(values, "unknown", id(named, "unk_token", tokenizer, OptionalLong.empty()));
            put(values, "padding", id(named, "pad_token", tokenizer, special.pad()));
            values.put(PREFIX + "add_bos_token", new MetadataValue.Flag(bos.isPresent() && begins(named)));
            values.put(PREFIX + "add_eos_token",
                    new MetadataValue.Flag(tokenizerConfig.path("add_eos_token").asBoolean(false)));
        }
        templates(values);
        return values;
    }

    /// llama.cpp has three places for what ends an answer: the end of text, of a turn, of a message.
    private void ends(Map<String, MetadataValue> values, Map<String, String> named, Tokenizer tokenizer) {
        List<Long> ends = new ArrayList<>();
        tokenizer.id(named.getOrDefault("eos_token", "")).ifPresent(ends::add);
        EosTokens all = EosTokens.of(folder, tokenizer);
        Stream.concat(all.turn().stream(), all.ids().stream()).filter(id -> !ends.contains(id)).forEach(id -> {
            if (!ends.contains(id)) {
                ends.add(id);
            }
        });
        List<String> places = List.of("eos", "eot", "eom");
        for (int i = 0; i < Math.min(ends.size(), places.size()); i++) {
            put(values, places.get(i), OptionalLong.of(ends.get(i)));
        }
    }

    private static OptionalLong id(Map<String, String> named, String name, Tokenizer tokenizer,
            OptionalLong otherwise) {
        OptionalLong id = tokenizer.id(named.getOrDefault(name, ""));
        return id.isPresent() ? id : otherwise;
    }

    private static void put(Map<String, MetadataValue> values, String name, OptionalLong id) {
        id.ifPresent(number -> values.put(PREFIX + name + "_token_id", MetadataValue.Whole.of(number)));
    }

    /// Whether other tools begin a text with it: the config says so, or else the tokenizer's post-processor does it.
    private boolean begins(Map<String, String> named) {
        if (tokenizerConfig.path("add_bos_token").isBoolean()) {
            return tokenizerConfig.path("add_bos_token").asBoolean();
        }
        JsonNode processor = PublishedJson.read(folder.resolve("tokenizer.json")).path("post_processor");
        return Stream.concat(Stream.of(processor), processor.path("processors").valueStream())
                .anyMatch(step -> step.path("single").path(0).path("SpecialToken").path("id").asText("")
                        .equals(named.getOrDefault("bos_token", "?")));
    }

    private void templates(Map<String, MetadataValue> values) {
        Path file = folder.resolve("chat_template.jinja");
        JsonNode inside = tokenizerConfig.path("chat_template");
        Optional<String> main = Files.exists(file) ? Optional.of(RegularFiles.text(file))
                : inside.isTextual() ? Optional.of(inside.asText()) : Optional.empty();
        Map<String, String> others = new LinkedHashMap<>();
        for (JsonNode named : inside) {
            others.put(named.path("name").asText(), named.path("template").asText());
        }
        for (String name : ChatTemplate.names(folder)) {
            Path other = folder.resolve("additional_chat_templates").resolve(name + ".jinja");
            if (Files.exists(other)) {
                others.put(name, RegularFiles.text(other));
            }
        }
        main.or(() -> Optional.ofNullable(others.get(ChatTemplate.MAIN)))
                .ifPresent(text -> values.put(TEMPLATE, new MetadataValue.Text(text)));
        others.remove(ChatTemplate.MAIN);
        others.forEach((name, text) -> values.put(TEMPLATE + "." + name, new MetadataValue.Text(text)));
        if (!others.isEmpty()) {
            values.put("tokenizer.chat_templates", new MetadataValue.Texts(List.copyOf(others.keySet())));
        }
    }
}
