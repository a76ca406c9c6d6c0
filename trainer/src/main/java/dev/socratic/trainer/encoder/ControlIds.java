package dev.socratic.trainer.encoder;

import dev.socratic.core.error.DataException;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/// Ids that an encoder's text begins and ends with, that hide a token, and that fill short rows.
public record ControlIds(int cls, int sep, int mask, int pad) {
    /// @param folder with `tokenizer_config.json` or `special_tokens_map.json`
    /// @throws DataException if one of the tokens is not named there
    public static ControlIds of(Path folder, Tokenizer tokenizer) {
        Map<String, String> tokens = ChatTemplate.specialTokens(folder);
        return new ControlIds(id(folder, tokens, "cls_token", tokenizer), id(folder, tokens, "sep_token", tokenizer),
                id(folder, tokens, "mask_token", tokenizer), id(folder, tokens, "pad_token", tokenizer));
    }

    private static int id(Path folder, Map<String, String> tokens, String name, Tokenizer tokenizer) {
        OptionalLong id = tokens.containsKey(name) ? tokenizer.id(tokens.get(name)) : OptionalLong.empty();
        return Math.toIntExact(
                id.orElseThrow(() -> new DataException(folder.resolve("tokenizer_config.json") + ": " + name,
                "the token, for an encoder is to guess masked ones", "none that tokenizer.json has",
                "take the tokenizer of the encoder's own folder")));
    }

    boolean contains(int id) {
        return id == cls || id == sep || id == mask || id == pad;
    }
}
