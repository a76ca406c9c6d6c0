package dev.socratic.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The tokens a `tokenizer.json` names: the model's vocabulary (an object for BPE, WordPiece and WordLevel, a list
/// for Unigram) and the added tokens.
///
/// @param ids   id of each token as spelled in the file
/// @param names the other way round
/// @param added ids of the added tokens, which text is cut at before anything else
/// @param size  greatest id plus one: what an embedding needs at least
record TokenizerTable(Map<String, Long> ids, Map<Long, String> names, Set<Long> added, int size) {

    static TokenizerTable of(JsonNode file) {
        Map<String, Long> ids = new HashMap<>();
        JsonNode vocab = file.path("model").path("vocab");
        if (vocab.isArray()) {
            for (int id = 0; id < vocab.size(); id++) {
                ids.put(vocab.get(id).path(0).asText(), (long) id);
            }
        } else {
            vocab.properties().forEach(entry -> ids.put(entry.getKey(), entry.getValue().asLong()));
        }
        Set<Long> added = new HashSet<>();
        file.path("added_tokens").forEach(token -> {
            ids.put(token.path("content").asText(), token.path("id").asLong());
            added.add(token.path("id").asLong());
        });
        Map<Long, String> names = new HashMap<>();
        ids.forEach((name, id) -> names.put(id, name));
        long greatest = names.keySet().stream().mapToLong(Long::longValue).max().orElse(-1);
        return new TokenizerTable(Map.copyOf(ids), Map.copyOf(names), Set.copyOf(added), Math.toIntExact(greatest + 1));
    }
}
