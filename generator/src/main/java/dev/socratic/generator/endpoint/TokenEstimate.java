package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// How many tokens something takes, before the server has counted: UTF-8 bytes / 3, rounded up, and 8 for each message's marks.
///
/// An upper bound in practice: English takes about 4 bytes a token with the tokenizers in use, digits and code about 3. It paces and
/// reserves; what is accounted is what the server counts, wherever it does.
public final class TokenEstimate {
    private static final int BYTES_PER_TOKEN = 3;
    private static final int MARKS = 8;

    private TokenEstimate() {}

    public static long ofText(String text) {
        return (text.getBytes(StandardCharsets.UTF_8).length + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }

    public static long ofMessages(List<ChatMessage> messages) {
        return messages.stream().mapToLong(m -> ofText(m.content()) + MARKS).sum();
    }

    /// @param body a chat request's JSON
    /// @return its messages, and all the tokens it allows the answer
    static long ofRequest(String body) {
        try {
            JsonNode json = Json.mapper().readTree(body);
            long tokens = json.path("max_tokens").asLong(0);
            for (JsonNode message : json.path("messages")) {
                tokens += ofText(message.path("content").asText("")) + MARKS;
            }
            return tokens;
        } catch (JsonProcessingException e) {
            return ofText(body);
        }
    }
}
