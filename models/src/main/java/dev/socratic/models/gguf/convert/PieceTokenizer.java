package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.gguf.Metadata;
import dev.socratic.models.gguf.MetadataValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/// A vocabulary of `tokenizer.ggml.model` `llama`: SentencePiece's BPE, which merges the neighbours whose token has the
/// best score; letters without a token are written as bytes.
///
/// Its merges follow from the scores: every way to make a token of two others, the token with the best score first
/// (as the conversion in transformers does).
final class PieceTokenizer {
    private static final String SCORES = "tokenizer.ggml.scores";
    /// Letters of the longest token that is put together; longer ones are made by nobody.
    private static final int LONGEST = 256;

    private final Metadata metadata;
    private final Vocabulary vocabulary;

    PieceTokenizer(Metadata metadata, Vocabulary vocabulary) {
        this.metadata = metadata;
        this.vocabulary = vocabulary;
    }

    /// @return `tokenizer.json`, without added tokens and post-processor
    ObjectNode json() {
        boolean prefix = metadata.flag("tokenizer.ggml.add_space_prefix", true);
        ObjectNode file = Json.mapper().createObjectNode();
        file.set("normalizer", PieceText.normalizer(prefix));
        file.putNull("pre_tokenizer");
        file.set("decoder", PieceText.decoder(prefix));
        ObjectNode model = file.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        OptionalLong unknown = vocabulary.special("unknown");
        if (unknown.isPresent()) {
            model.put("unk_token", vocabulary.token((int) unknown.getAsLong()));
        } else {
            model.putNull("unk_token");
        }
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", true).put("byte_fallback", true).put("ignore_merges", false);
        model.set("vocab", vocabulary.json());
        model.set("merges", merges());
        return file;
    }

    private record Merge(int left, int right, float score) {}

    private ArrayNode merges() {
        MetadataValue.Numbers scores = metadata.numbers(SCORES).filter(list -> list.size() == vocabulary.size())
                .orElseThrow(() -> new DataException(metadata.file() + ": " + SCORES,
                        "a number for each of the %s tokens".formatted(vocabulary.size()), "none, or another number",
                        "the file is damaged; fetch it again"));
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.kind(id) == Vocabulary.NORMAL) {
                merges.addAll(halves(vocabulary.token(id), (float) scores.real(id)));
            }
        }
        merges.sort(Comparator.comparing(merge -> -merge.score())); // stable: equal scores stay in order
        ArrayNode json = Json.mapper().createArrayNode();
        merges.forEach(merge -> json.addArray().add(vocabulary.token(merge.left()))
                .add(vocabulary.token(merge.right())));
        return json;
    }

    private List<Merge> halves(String token, float score) {
        List<Merge> halves = new ArrayList<>();
        for (int at = 1; at < Math.min(token.length(), LONGEST); at++) {
            String left = token.substring(0, at);
            String right = token.substring(at);
            if (merged(left) && merged(right)) {
                halves.add(new Merge(vocabulary.id(left), vocabulary.id(right), score));
            }
        }
        halves.sort(Comparator.comparingInt(Merge::left).thenComparingInt(Merge::right));
        return halves;
    }

    /// Control tokens and those text is cut at are never part of another.
    private boolean merged(String token) {
        return vocabulary.has(token) && vocabulary.kind(vocabulary.id(token)) == Vocabulary.NORMAL;
    }
}
