package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a server said, fit for one line of a message.
final class ServerWords {
    private static final int LONGEST = 300; // characters; a page of HTML must not fill the log
    private static final List<String> FIELDS =
            List.of("message", "msg", "detail", "error_description", "error", "description", "title", "reason");
    private static final Pattern UNSEEN = Pattern.compile("(?is)<(script|style|head)\\b.*?</\\1>");
    private static final Pattern TAG = Pattern.compile("(?s)<[^>]{0,2000}>");

    private ServerWords() {}

    /// @param body a response body: OpenAI's `{"error": {"message": ...}}`, any other JSON with a message in it
    ///             (Google's lists, FastAPI's `detail`), a page of HTML, or any text
    /// @return the message in it, white space collapsed, at most 300 characters, quoted; `no body` where there is none
    static String of(String body) {
        return quoted(message(body));
    }

    /// @return any text, white space and unseen signs collapsed, cut and quoted
    static String quoted(String words) {
        String text = words.replaceAll("[\\s\\p{Cntrl}\\p{Cf}]+", " ").strip();
        if (text.isEmpty()) {
            return "no body";
        }
        return '"' + (text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...") + '"';
    }

    /// @return the message alone, as long as it is
    static String message(String body) {
        if (body.stripLeading().startsWith("<")) {
            String seen = TAG.matcher(UNSEEN.matcher(body).replaceAll(" ")).replaceAll(" ").strip();
            return seen.isEmpty() ? body : seen;
        }
        try {
            return first(Json.mapper().readTree(body)).orElse(body);
        } catch (JsonProcessingException e) {
            return body;
        }
    }

    /// Breadth first: the outermost message is the server's own, what is deeper may quote another's.
    private static Optional<String> first(JsonNode root) {
        Deque<JsonNode> level = new ArrayDeque<>(List.of(root));
        for (int looked = 0; !level.isEmpty() && looked < 200; looked++) {
            JsonNode node = level.remove();
            for (String field : FIELDS) {
                JsonNode found = node.path(field);
                if (found.isTextual() && !found.textValue().isBlank()) {
                    return Optional.of(located(node) + found.textValue());
                }
            }
            FIELDS.forEach(field -> Optional.ofNullable(node.get(field)).filter(JsonNode::isContainerNode)
                    .ifPresent(level::add));
            (node.isArray() ? node : node.path("errors")).forEach(level::add);
        }
        return Optional.empty();
    }

    /// FastAPI and pydantic say what is wrong in `msg` and where in `loc`.
    private static String located(JsonNode node) {
        JsonNode place = node.path("loc");
        return place.isArray() && !place.isEmpty() ? place.get(place.size() - 1).asText() + ": " : "";
    }
}
