package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.models.gguf.Metadata;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tokenizer of a GGUF as the files of a folder: `tokenizer.json`, `tokenizer_config.json`,
/// `special_tokens_map.json`, and the chat templates.
final class TokenizerFiles {
    private static final String MODEL = "tokenizer.ggml.model";
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final Map<String, String> SPECIAL = new LinkedHashMap<>();

    static {
        SPECIAL.put("bos_token", "bos");
        SPECIAL.put("eos_token", "eos");
        SPECIAL.put("unk_token", "unknown");
        SPECIAL.put("pad_token", "padding");
    }

    private final Metadata metadata;
    private final Vocabulary vocabulary;
    private final GgufFamily family;

    TokenizerFiles(Metadata metadata, Vocabulary vocabulary, GgufFamily family) {
        this.metadata = metadata;
        this.vocabulary = vocabulary;
        this.family = family;
    }

    /// @throws DataException if the tokenizer is of a kind that is not known
    void write(Path folder) {
        String kind = metadata.requiredText(MODEL);
        ObjectNode content = switch (kind) {
            case "gpt2" -> new ByteLevelTokenizer(metadata, vocabulary).json();
            case "llama" -> new PieceTokenizer(metadata, vocabulary).json();
            case String other -> throw new DataException(metadata.file() + ": " + MODEL,
                    "a kind of tokenizer this version converts", "'%s'".formatted(other),
                    "known: gpt2 (byte-level BPE), llama (SentencePiece's BPE); or take tokenizer.json from the "
                            + "model's Hugging Face folder");
        };
        Path tokenizer = folder.resolve("tokenizer.json");
        AtomicFiles.write(tokenizer, Json.pretty(whole(content)));
        Tokenizer.of(tokenizer).close(); // the library takes it, or says here what it does not take
        AtomicFiles.write(folder.resolve("tokenizer_config.json"), Json.pretty(config()));
        ObjectNode map = Json.mapper().createObjectNode();
        special().forEach(map::put);
        AtomicFiles.write(folder.resolve("special_tokens_map.json"), Json.pretty(map));
        metadata.text(TEMPLATE).ifPresent(text -> AtomicFiles.write(folder.resolve("chat_template.jinja"), text));
        for (String name : metadata.texts("tokenizer.chat_templates").orElse(List.of())) {
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
                throw new DataException(metadata.file() + ": tokenizer.chat_templates", "plain names",
                        "'%s'".formatted(name.length() > 80 ? name.substring(0, 80) : name).replace('\n', ' '),
                        "the file is damaged; fetch it again");
            }
            AtomicFiles.write(folder.resolve("additional_chat_templates").resolve(name + ".jinja"),
                    metadata.requiredText(TEMPLATE + "." + name));
        }
    }

    private ObjectNode whole(ObjectNode content) {
        ObjectNode file = Json.mapper().createObjectNode().put("version", "1.0");
        file.putNull("truncation");
        file.putNull("padding");
        file.set("added_tokens", vocabulary.added(strips()));
        file.set("normalizer", content.path("normalizer"));
        file.set("pre_tokenizer", content.path("pre_tokenizer"));
        file.set("post_processor", postProcessor());
        file.set("decoder", content.path("decoder"));
        file.set("model", content.path("model"));
        return file;
    }

    /// Phi-3's own tokens, not those of Phi-4-mini, which has another tokenizer.
    private boolean strips() {
        return family == GgufFamily.PHI3 && metadata.requiredText(MODEL).equals("llama");
    }

    private boolean begins() {
        boolean usual = !metadata.requiredText(MODEL).equals("gpt2");
        return vocabulary.special("bos").isPresent() && metadata.flag("tokenizer.ggml.add_bos_token", usual);
    }

    /// For other tools: ours never adds what the template did not write.
    private JsonNode postProcessor() {
        if (!begins()) {
            return Json.mapper().nullNode();
        }
        int id = (int) vocabulary.special("bos").orElseThrow();
        String token = vocabulary.token(id);
        ObjectNode template = Json.mapper().createObjectNode().put("type", "TemplateProcessing");
        sequence(sequence(template.putArray("single"), token, 0), "", 0);
        sequence(sequence(template.putArray("pair"), token, 0), "", 0);
        sequence(sequence((ArrayNode) template.get("pair"), token, 1), "", 1);
        ObjectNode special = template.putObject("special_tokens").putObject(token).put("id", token);
        special.putArray("ids").add(id);
        special.putArray("tokens").add(token);
        return template;
    }

    /// @param token that is added; the text itself where it is empty
    private static ArrayNode sequence(ArrayNode list, String token, int type) {
        if (token.isEmpty()) {
            list.addObject().putObject("Sequence").put("id", type == 0 ? "A" : "B").put("type_id", type);
        } else {
            list.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
        }
        return list;
    }

    private Map<String, String> special() {
        Map<String, String> special = new LinkedHashMap<>();
        SPECIAL.forEach((name, key) -> vocabulary.special(key)
                .ifPresent(id -> special.put(name, vocabulary.token((int) id))));
        return special;
    }

    private ObjectNode config() {
        ObjectNode file = Json.mapper().createObjectNode().put("tokenizer_class", "PreTrainedTokenizerFast");
        ObjectNode decoder = file.putObject("added_tokens_decoder");
        vocabulary.added(strips()).forEach(token -> {
            ObjectNode entry = token.deepCopy();
            decoder.set(entry.remove("id").asText(), entry);
        });
        file.put("add_bos_token", begins());
        file.putArray("model_input_names").add("input_ids").add("attention_mask");
        file.put("clean_up_tokenization_spaces", false);
        special().forEach(file::put);
        metadata.whole(family.architecture() + ".context_length")
                .ifPresent(length -> file.put("model_max_length", length));
        return file;
    }
}
