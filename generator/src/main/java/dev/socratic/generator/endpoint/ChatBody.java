package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.util.Optional;

/// The parts of a chat completion's body that LangChain4j does not hand on, and whether it is one at all.
///
/// @param promptTokens     tokens read, where the server counts them
/// @param completionTokens tokens written, where the server counts them
/// @param reasoning        reasoning in a field of its own: `reasoning_content` (DeepSeek, vLLM, SGLang) or `reasoning` (OpenRouter, newer vLLM)
record ChatBody(Optional<Long> promptTokens, Optional<Long> completionTokens, Optional<String> reasoning) {

    /// @throws NoAnswerException if the text is no JSON object with a message in its first choice
    static ChatBody parse(String body) throws NoAnswerException {
        JsonNode json;
        try {
            json = Json.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new NoAnswerException("the body is no complete JSON: " + Words.of(body));
        }
        JsonNode message = json.at("/choices/0/message");
        boolean text = message.path("content").isTextual() || message.path("content").isNull() || message.path("content").isMissingNode();
        if (!message.isObject() || !text) {
            throw new NoAnswerException("the body has no choices[0].message: " + Words.of(body));
        }
        return new ChatBody(
                count(json.at("/usage/prompt_tokens")),
                count(json.at("/usage/completion_tokens")),
                text(message.path("reasoning_content")).or(() -> text(message.path("reasoning"))));
    }

    private static Optional<Long> count(JsonNode node) {
        return node.isIntegralNumber() && node.longValue() >= 0 ? Optional.of(node.longValue()) : Optional.empty();
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() && !node.textValue().isBlank() ? Optional.of(node.textValue()) : Optional.empty();
    }
}
