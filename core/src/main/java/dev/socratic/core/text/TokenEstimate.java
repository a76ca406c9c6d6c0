package dev.socratic.core.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// How many tokens something takes, before the server has counted: UTF-8 bytes / 3, rounded up, and 8 for each
/// message's marks.
///
/// An upper bound in practice: English takes about 4 bytes a token with the tokenizers in use, digits and code about
/// 3. It paces and reserves; what is accounted is what the server counts, wherever it does.
///
/// @param prompt tokens of the messages
/// @param most   tokens the answer may have
public record TokenEstimate(long prompt, long most) {
    private static final int BYTES_PER_TOKEN = 3;
    private static final int MARKS = 8;

    public static long ofText(String text) {
        return (text.getBytes(StandardCharsets.UTF_8).length + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }

    public static long ofMessages(List<ChatMessage> messages) {
        return messages.stream().mapToLong(m -> ofText(m.content()) + MARKS).sum();
    }

    /// The most one attempt may take: the prompt as estimated, and every token the answer may have.
    public static TokenEstimate of(GenerationRequest request) {
        return new TokenEstimate(ofMessages(request.messages()), request.parameters().maxTokens());
    }

    /// @param body a chat request's JSON
    public static TokenEstimate ofRequest(String body) {
        try {
            JsonNode json = Json.mapper().readTree(body);
            long tokens = 0;
            for (JsonNode message : json.path("messages")) {
                tokens += ofText(message.path("content").asText("")) + MARKS;
            }
            return new TokenEstimate(tokens, json.path("max_tokens").asLong(0) * json.path("n").asLong(1));
        } catch (JsonProcessingException e) {
            return new TokenEstimate(ofText(body), 0);
        }
    }
}
