package dev.socratic.models.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes a vocabulary as the three files every Hugging Face tool reads: `tokenizer.json`, `tokenizer_config.json`,
/// `special_tokens_map.json`. The same vocabulary gives the same bytes.
public final class TokenizerFolder {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private TokenizerFolder() {}

    /// @param folder made if it is missing; files of these names in it are replaced
    public static void write(BpeVocabulary vocabulary, Path folder) throws IOException {
        Files.createDirectories(folder);
        write(folder.resolve("tokenizer.json"), tokenizer(vocabulary));
        write(folder.resolve("tokenizer_config.json"), config(vocabulary.recipe()));
        write(folder.resolve("special_tokens_map.json"), specialTokens(vocabulary.recipe()));
    }

    private static ObjectNode tokenizer(BpeVocabulary vocabulary) {
        ObjectNode file = object();
        file.put("version", "1.0");
        file.putNull("truncation");
        file.putNull("padding");
        file.set("added_tokens", addedTokens(vocabulary.recipe()));
        file.putNull("normalizer");
        ObjectNode split = file.putObject("pre_tokenizer").put("type", "Sequence");
        split.putArray("pretokenizers")
                .add(object().put("type", "Digits").put("individual_digits", true))
                .add(byteLevel());
        file.putNull("post_processor");
        file.set("decoder", byteLevel());

        ObjectNode model = file.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", false);
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.tokens().size(); id++) {
            ids.put(vocabulary.tokens().get(id), id);
        }
        ArrayNode merges = model.putArray("merges");
        vocabulary.merges().forEach(merge -> merges.addArray().add(merge.left()).add(merge.right()));
        return file;
    }

    private static ArrayNode addedTokens(TokenizerRecipe recipe) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        recipe.special().forEach(token -> list.add(addedToken(token, true).put("id", list.size())));
        recipe.added().forEach(token -> list.add(addedToken(token, false).put("id", list.size())));
        return list;
    }

    private static ObjectNode addedToken(String content, boolean special) {
        return object()
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", special);
    }

    private static ObjectNode byteLevel() {
        return object()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", true);
    }

    private static ObjectNode config(TokenizerRecipe recipe) {
        ObjectNode file = object().put("tokenizer_class", "PreTrainedTokenizerFast");
        ObjectNode decoder = file.putObject("added_tokens_decoder");
        addedTokens(recipe).forEach(token -> {
            ObjectNode entry = token.deepCopy();
            decoder.set(entry.remove("id").asText(), entry);
        });
        // Else the class promises token_type_ids, which no decoder takes: generate(**tokenizer(text)) would refuse
        // them.
        file.putArray("model_input_names").add("input_ids").add("attention_mask");
        return file.put("pad_token", recipe.padToken())
                .put("eos_token", recipe.endToken())
                .putNull("bos_token")
                .putNull("unk_token")
                .put("clean_up_tokenization_spaces", false)
                .put("chat_template", recipe.chatTemplate());
    }

    private static ObjectNode specialTokens(TokenizerRecipe recipe) {
        return object().put("eos_token", recipe.endToken()).put("pad_token", recipe.padToken());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static void write(Path file, ObjectNode content) throws IOException {
        Path half = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(half, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
