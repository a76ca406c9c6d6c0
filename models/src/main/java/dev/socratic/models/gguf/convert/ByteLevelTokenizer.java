package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.gguf.Metadata;
import java.util.List;

/// A vocabulary of `tokenizer.ggml.model` `gpt2`: byte pairs over the alphabet of bytes, with their merges.
final class ByteLevelTokenizer {
    private static final String MERGES = "tokenizer.ggml.merges";
    private static final String PRE = "tokenizer.ggml.pre";

    private final Metadata metadata;
    private final Vocabulary vocabulary;

    ByteLevelTokenizer(Metadata metadata, Vocabulary vocabulary) {
        this.metadata = metadata;
        this.vocabulary = vocabulary;
    }

    /// @return `tokenizer.json`, without added tokens and post-processor
    ObjectNode json() {
        String name = metadata.text(PRE).orElse("");
        PreTokenizer pre = PreTokenizer.of(name).orElseThrow(() -> new DataException(metadata.file() + ": " + PRE,
                "a way to cut text that this version knows", name.isEmpty() ? "nothing" : "'%s'".formatted(name),
                "known: %s; or take tokenizer.json from the model's Hugging Face folder"
                        .formatted(PreTokenizer.known())));
        ObjectNode file = Json.mapper().createObjectNode();
        if (pre.composed()) {
            file.putObject("normalizer").put("type", "NFC");
        } else {
            file.putNull("normalizer");
        }
        file.set("pre_tokenizer", pre.json());
        file.set("decoder", PreTokenizer.byteLevel(true));
        ObjectNode model = file.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", pre.wholeWordsFirst());
        model.set("vocab", vocabulary.json());
        model.set("merges", merges());
        return file;
    }

    private ArrayNode merges() {
        List<String> given = metadata.texts(MERGES).orElse(List.of());
        ArrayNode merges = Json.mapper().createArrayNode();
        for (int i = 0; i < given.size(); i++) {
            String merge = given.get(i);
            int blank = merge.indexOf(' ', 1);
            String left = blank < 0 ? "" : merge.substring(0, blank);
            String right = blank < 0 ? "" : merge.substring(blank + 1);
            if (!vocabulary.has(left) || !vocabulary.has(right) || !vocabulary.has(left + right)) {
                throw new DataException(metadata.file() + ": %s[%s]".formatted(MERGES, i),
                        "two tokens that make a third, with a blank between", "'%s'".formatted(merge),
                        "the file is damaged; fetch it again");
            }
            merges.addArray().add(left).add(right);
        }
        return merges;
    }
}
