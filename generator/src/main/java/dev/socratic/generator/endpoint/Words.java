package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;

/// What a server said, fit for one line of a message.
final class Words {
    private static final int LONGEST = 300; // characters; a page of HTML must not fill the log

    private Words() {}

    /// @param body a response body: OpenAI's `{"error": {"message": ...}}`, `{"error": ...}`, `{"message": ...}`, `{"detail": ...}`, or any text
    /// @return the message in it, white space collapsed, at most 300 characters, quoted; `no body` where there is none
    static String of(String body) {
        String text = message(body).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (text.isEmpty()) {
            return "no body";
        }
        return '"' + (text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...") + '"';
    }

    private static String message(String body) {
        try {
            JsonNode json = Json.mapper().readTree(body);
            for (String path : new String[] {"/error/message", "/error", "/message", "/detail"}) {
                JsonNode found = json.at(path);
                if (found.isTextual()) {
                    return found.textValue();
                }
            }
            return body;
        } catch (JsonProcessingException e) {
            return body;
        }
    }
}
