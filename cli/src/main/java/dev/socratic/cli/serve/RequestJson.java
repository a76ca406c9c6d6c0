package dev.socratic.cli.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/// What the bodies of all requests have in common: a JSON object that may name a model.
final class RequestJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RequestJson() {}

    /// @param wanted the fields it must have, for the message
    /// @throws ApiFailure if it is no JSON object
    static JsonNode object(String body, String wanted) {
        JsonNode json;
        try {
            json = MAPPER.readTree(body);
        } catch (JsonProcessingException broken) {
            throw ApiFailure.invalid("", "the body is not JSON: " + broken.getOriginalMessage());
        }
        if (json == null || !json.isObject()) {
            throw ApiFailure.invalid("", "the body must be a JSON object with " + wanted);
        }
        return json;
    }

    /// @return what the client calls the model, where it says
    static Optional<String> model(JsonNode json) {
        return Optional.ofNullable(json.get("model")).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    /// @param asked  what a client calls the model
    /// @param served its name here
    /// @throws ApiFailure if it is another
    static void require(Optional<String> asked, String served) {
        asked.filter(name -> !name.equals(served)).ifPresent(name -> {
            throw ApiFailure.unknown("model: '%s' is not served here; write '%s' or leave it out".formatted(name, served), "model_not_found");
        });
    }
}
