package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.gguf.Metadata;
import dev.socratic.models.gguf.MetadataValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The tokens of a GGUF with their kinds. Ids that only fill up the embedding (`[PAD7]`, kind 5) are no tokens.
final class Vocabulary {
    static final String TOKENS = "tokenizer.ggml.tokens";
    static final String KINDS = "tokenizer.ggml.token_type";
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    private final Metadata metadata;
    private final List<String> tokens;
    private final Optional<MetadataValue.Numbers> kinds;
    private final Map<String, Integer> ids = new HashMap<>();

    /// @throws DataException if there are no tokens, or one comes twice
    Vocabulary(Metadata metadata) {
        this.metadata = metadata;
        this.tokens = metadata.texts(TOKENS).orElseThrow(() -> new DataException(metadata.file() + ": " + TOKENS,
                "a list of tokens", "nothing", "take a file that holds the model's tokenizer"));
        this.kinds = metadata.numbers(KINDS);
        if (kinds.isPresent() && kinds.get().size() != tokens.size()) {
            throw new DataException(metadata.file() + ": " + KINDS, "one for each of the %s tokens"
                    .formatted(tokens.size()), "" + kinds.get().size(), "the file is damaged; fetch it again");
        }
        for (int id = 0; id < tokens.size(); id++) {
            Integer other = kind(id) == UNUSED ? null : ids.put(tokens.get(id), id);
            if (other != null) {
                throw new DataException(metadata.file() + ": %s[%s]".formatted(TOKENS, id), "each token once",
                        "'%s', which is token %s too".formatted(tokens.get(id), other),
                        "take tokenizer.json from the model's Hugging Face folder");
            }
        }
    }

    int size() {
        return tokens.size();
    }

    String token(int id) {
        return tokens.get(id);
    }

    int kind(int id) {
        return kinds.map(list -> (int) list.whole(id)).orElse(NORMAL);
    }

    boolean has(String token) {
        return ids.containsKey(token);
    }

    /// @return the id of a token that is there
    int id(String token) {
        return ids.get(token);
    }

    /// @return `vocab` of a tokenizer.json
    ObjectNode json() {
        ObjectNode json = Json.mapper().createObjectNode();
        for (int id = 0; id < tokens.size(); id++) {
            if (kind(id) != UNUSED) {
                json.put(tokens.get(id), id);
            }
        }
        return json;
    }

    /// @param strips whether blanks after control tokens go
    /// @return `added_tokens` of a tokenizer.json: control tokens and those text is cut at
    ArrayNode added(boolean strips) {
        ArrayNode added = Json.mapper().createArrayNode();
        for (int id = 0; id < tokens.size(); id++) {
            boolean special = kind(id) == CONTROL || kind(id) == UNKNOWN;
            if ((special || kind(id) == USER_DEFINED) && !tokens.get(id).isEmpty()) {
                added.addObject().put("id", id).put("content", tokens.get(id)).put("single_word", false)
                        .put("lstrip", false).put("rstrip", strips && stripped(id)).put("normalized", false)
                        .put("special", special);
            }
        }
        return added;
    }

    /// As llama.cpp takes them for Phi-3, whose GGUF does not say so.
    private boolean stripped(int id) {
        return kind(id) == CONTROL && !List.of("<s>", "<|endoftext|>").contains(tokens.get(id));
    }

    /// @param name `bos`, `eos`, `padding`, `unknown`, `eot`
    /// @return the id of a special token
    OptionalLong special(String name) {
        String key = "tokenizer.ggml." + name + "_token_id";
        OptionalLong id = metadata.whole(key);
        if (id.isPresent() && (id.getAsLong() < 0 || id.getAsLong() >= tokens.size())) {
            throw new DataException(metadata.file() + ": " + key, "a token's id, below " + tokens.size(),
                    "" + id.getAsLong(), "the file is damaged; fetch it again");
        }
        return id;
    }
}
