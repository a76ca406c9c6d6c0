package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How SentencePiece's tokenizers write text: blanks are U+2581, and a text begins with one, or does not.
final class PieceText {
    private static final String BLANK = "\u2581";
    private static final String REPLACE = "Replace({\"String\":\" \"}, \"%s\")".formatted(BLANK);
    private static final String SPLIT = "Split({\"String\":\" \"}, MergedWithPrevious, invert=false)";

    private PieceText() {}

    /// @return whether a blank is put before a text
    /// @throws DataException if the tokenizer does anything else
    static boolean prefix(Path file, JsonNode tokenizer) {
        List<String> steps = new ArrayList<>(Steps.of(tokenizer.path("normalizer")));
        steps.addAll(Steps.of(tokenizer.path("pre_tokenizer")));
        steps.remove(SPLIT); // no blank is left to split at
        boolean prefix = steps.remove("Prepend(%s)".formatted(BLANK));
        boolean replaced = steps.remove(REPLACE);
        for (String scheme : List.of("always", "first", "never")) {
            if (steps.remove("Metaspace(%s, %s)".formatted(BLANK, scheme))) {
                replaced = true;
                prefix |= !scheme.equals("never");
            }
        }
        if (!replaced || !steps.isEmpty()) {
            throw new DataException(file + ": normalizer", "SentencePiece's blanks and nothing else",
                    steps.isEmpty() ? "no blanks" : "'%s' too".formatted(String.join(", ", steps)),
                    "llama.cpp has no name for this one, and would read texts otherwise");
        }
        return prefix;
    }

    /// @return `normalizer` of a tokenizer.json
    static ObjectNode normalizer(boolean prefix) {
        ObjectNode sequence = Json.mapper().createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("normalizers");
        if (prefix) {
            steps.addObject().put("type", "Prepend").put("prepend", BLANK);
        }
        replace(steps, " ", BLANK);
        return sequence;
    }

    /// @return `decoder` of a tokenizer.json
    static ObjectNode decoder(boolean prefix) {
        ObjectNode sequence = Json.mapper().createObjectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("decoders");
        replace(steps, BLANK, " ");
        steps.addObject().put("type", "ByteFallback");
        steps.addObject().put("type", "Fuse");
        if (prefix) {
            steps.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
        }
        return sequence;
    }

    private static void replace(ArrayNode steps, String from, String to) {
        ObjectNode step = steps.addObject().put("type", "Replace");
        step.putObject("pattern").put("String", from);
        step.put("content", to);
    }
}
