package dev.socratic.models.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;

/// What a tokenizer writes for a character that it has no token for: where that is no token either, a text with such a
/// character cannot be read.
///
/// @param place the `tokenizer.json`
/// @param file  what it holds
record UnknownTokenCheck(Path place, JsonNode file) {
    List<Defect> run() {
        JsonNode model = file.path("model");
        if (model.path("byte_fallback").asBoolean() || everyByte(model.path("vocab"))) {
            return List.of();
        }
        String remedy = "a text with a character that has no token cannot be read; add the token, or name one that "
                + "is there";
        JsonNode name = model.path("unk_token");
        if (name.isTextual() && !model.path("vocab").has(name.asText())) {
            return List.of(Defect.error("tokenizer", place + ": model.unk_token", "a token of the vocabulary", "'"
                    + name.asText() + "', which it lacks", remedy));
        }
        if (model.path("type").asText().equals("Unigram")) {
            JsonNode id = model.path("unk_id");
            if (!id.isIntegralNumber() || id.asLong() < 0 || id.asLong() >= model.path("vocab").size()) {
                return List.of(Defect.error("tokenizer", place + ": model.unk_id",
                        "the number of a token of the vocabulary", id.isMissingNode() ? "nothing" : id.toString(),
                                remedy));
            }
        }
        return List.of();
    }

    /// @return whether a byte-level vocabulary has all 256 bytes, so that no character is without a token
    private static boolean everyByte(JsonNode vocab) {
        long letters = vocab.isObject() ? vocab.properties().stream().filter(entry -> entry.getKey().length() == 1)
                .count() : 0;
        return letters >= 256 && vocab.has("\u0120") && vocab.has("\u010a");
    }
}
