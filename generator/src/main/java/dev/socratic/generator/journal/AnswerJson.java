package dev.socratic.generator.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A finished unit as bytes and back: `{"unit", "outcomes": [{"id", "text", "reasoning"?, "finish", "usage": [prompt, completion, usd]} or
/// {"id", "problem", "temporary"}]}`.
final class AnswerJson {
    private AnswerJson() {}

    static byte[] bytes(Answered answered) {
        ObjectNode json = Json.mapper().createObjectNode().put("unit", answered.key());
        ArrayNode outcomes = json.putArray("outcomes");
        for (GenerationOutcome outcome : answered.outcomes()) {
            ObjectNode one = outcomes.addObject().put("id", outcome.requestId());
            switch (outcome) {
                case Completion c -> {
                    one.put("text", c.text());
                    c.reasoning().ifPresent(text -> one.put("reasoning", text));
                    one.put("finish", c.finish().name().toLowerCase(Locale.ROOT));
                    Usage u = c.usage();
                    one.putArray("usage").add(u.promptTokens()).add(u.completionTokens()).add(u.costUsd());
                }
                case Failure f -> one.put("problem", f.problem()).put("temporary", f.temporary());
            }
        }
        return Json.line(json).getBytes(StandardCharsets.UTF_8);
    }

    /// @param place what to call the record in a message
    /// @throws DataException if the record is whole but not ours: written by another version
    static Answered read(byte[] bytes, String place) {
        try {
            JsonNode json = Json.mapper().readTree(bytes);
            List<GenerationOutcome> outcomes = new ArrayList<>();
            for (JsonNode one : json.required("outcomes")) {
                outcomes.add(outcome(one));
            }
            return new Answered(json.required("unit").textValue(), outcomes);
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(
                    place, "a record of this version's journal", "another", "move the journal away to ask anew, or run the version that wrote it", e);
        }
    }

    private static GenerationOutcome outcome(JsonNode one) {
        String id = one.required("id").textValue();
        if (one.has("problem")) {
            return new Failure(id, one.get("problem").textValue(), one.required("temporary").booleanValue());
        }
        JsonNode usage = one.required("usage");
        return new Completion(
                id,
                one.required("text").textValue(),
                Optional.ofNullable(one.get("reasoning")).map(JsonNode::textValue),
                FinishReason.valueOf(one.required("finish").textValue().toUpperCase(Locale.ROOT)),
                new Usage(usage.get(0).longValue(), usage.get(1).longValue(), usage.get(2).doubleValue()));
    }
}
