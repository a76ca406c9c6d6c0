package dev.socratic.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.models.checkpoint.AdapterFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where a model folder keeps its chat template: `chat_template.jinja`, else `chat_template` in
/// `tokenizer_config.json`, a text or a list of named ones; further named ones under `additional_chat_templates/`. A
/// template beside the config wins over one inside it.
///
/// @param sources source of each template by name, the main one being `default`
/// @param places  the file each comes from
/// @param tokens  special tokens a template may print: `bos_token`, `eos_token`, ...
record TemplateFolder(Map<String, String> sources, Map<String, Path> places, Map<String, String> tokens) {
    static final String MAIN = ChatTemplate.MAIN;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    static TemplateFolder read(Path given) {
        Path folder = AdapterFolder.text(given);
        Map<String, String> sources = new LinkedHashMap<>();
        Map<String, Path> places = new LinkedHashMap<>();
        Path configFile = folder.resolve("tokenizer_config.json");
        JsonNode config = json(configFile);
        JsonNode inside = config.path("chat_template");
        if (inside.isTextual()) {
            sources.put(MAIN, inside.asText());
        }
        inside.forEach(named -> sources.put(named.path("name").asText(), named.path("template").asText()));
        sources.keySet().forEach(name -> places.put(name, configFile));
        try (var more = Files.newDirectoryStream(folder, "{chat_template,additional_chat_templates}{.jinja,}")) {
            for (Path found : more) {
                if (Files.isDirectory(found)) {
                    try (var files = Files.newDirectoryStream(found, "*.jinja")) {
                        for (Path file : files) {
                            put(file, file.getFileName().toString().replace(".jinja", ""), sources, places);
                        }
                    }
                } else {
                    put(found, MAIN, sources, places);
                }
            }
        } catch (IOException unreadable) {
            throw new DataException(folder.toString(), "a model folder", "'" + unreadable.getMessage() + "'",
                    "check the path", unreadable);
        }
        return new TemplateFolder(sources, places, tokens(config, json(folder.resolve("special_tokens_map.json"))));
    }

    private static void put(Path file, String name, Map<String, String> sources, Map<String, Path> places)
            throws IOException {
        sources.put(name, RegularFiles.text(file));
        places.put(name, file);
    }

    private static Map<String, String> tokens(JsonNode config, JsonNode map) {
        Map<String, String> tokens = new LinkedHashMap<>();
        for (JsonNode file : List.of(map, config)) {
            for (String name : TOKENS) {
                JsonNode token = file.path(name);
                String text = token.isObject() ? token.path("content").asText() : token.asText("");
                if (!text.isEmpty() && !token.isNull()) {
                    tokens.put(name, text);
                }
            }
        }
        return tokens;
    }

    private static JsonNode json(Path file) {
        if (!Files.exists(file)) {
            return MAPPER.createObjectNode();
        }
        try {
            return MAPPER.readTree(RegularFiles.text(file));
        } catch (IOException broken) {
            throw new DataException(
                    file.toString(), "JSON", "'" + FirstLine.of(broken) + "'", "copy the file again", broken);
        }
    }
}
