package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.util.Optional;

/// An answer that came as server-sent events, though none were asked for, put together again. Source of the form: the
/// HTML standard, section "Server-sent events"; of what is in it: OpenAI's `chat.completion.chunk`.
final class Events {
    private Events() {}

    /// @return the body the server would have sent without streaming
    /// @throws NoAnswerException if an event is no JSON, or the last one is missing
    static JsonNode joined(String stream) throws NoAnswerException {
        ObjectNode whole = Json.mapper().createObjectNode();
        MessageText said = new MessageText("", Optional.empty(), Optional.empty());
        ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
        boolean ended = false;
        for (String line : stream.lines().toList()) {
            String data = line.startsWith("data:") ? line.substring(5).strip() : "";
            if (data.isEmpty() || ended) {
                continue;
            }
            if (data.equals("[DONE]")) {
                ended = true;
                continue;
            }
            JsonNode event = event(data, stream);
            if (event.hasNonNull("usage")) {
                whole.set("usage", event.get("usage"));
            }
            if (event.hasNonNull("error")) {
                choice.set("error", event.get("error"));
            }
            for (JsonNode piece : event.path("choices")) {
                if (piece.path("index").asInt(0) == 0) {
                    said = said.plus(MessageText.of(piece.path("delta").isObject()
                            ? piece.path("delta") : piece.path("message")));
                    Optional<String> word = FinishWords.of(piece);
                    word.ifPresent(w -> choice.put("finish_reason", w));
                    if (piece.hasNonNull("error")) {
                        choice.set("error", piece.get("error"));
                    }
                }
            }
        }
        if (!ended && !choice.has("finish_reason") && !choice.has("error")) {
            throw new NoAnswerException("the stream has no end: " + ServerWords.of(stream), Counted.in(stream));
        }
        ObjectNode message = choice.putObject("message").put("content", said.text());
        said.reasoning().ifPresent(text -> message.put("reasoning_content", text));
        said.refusal().ifPresent(text -> message.put("refusal", text));
        return whole;
    }

    private static JsonNode event(String data, String stream) throws NoAnswerException {
        try {
            return Json.mapper().readTree(data);
        } catch (JsonProcessingException e) {
            throw new NoAnswerException("an event of the stream is no JSON: " + ServerWords.of(data),
                    Counted.in(stream));
        }
    }
}
