package dev.socratic.generator.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An answer that came as server-sent events, put together as the one body it would have been: of chat completions,
/// completions, Anthropic's messages and OpenAI's responses. Source of the form: the HTML standard, "Server-sent
/// events"; of what is in it, each API's reference.
final class CallStream {
    /// A field of the body that is true where the stream has no end.
    static final String UNFINISHED = "$unfinished";

    private final ObjectNode whole = Json.mapper().createObjectNode();
    private final Map<Integer, Piece> choices = new TreeMap<>();
    private final Map<Integer, Piece> blocks = new TreeMap<>();
    private boolean ended;

    private CallStream() {}

    /// @param body of an answer, JSON or events
    /// @return a missing node if it is neither
    static JsonNode whole(String body) {
        String start = body.stripLeading();
        if (!start.startsWith("data:") && !start.startsWith("event:") && !start.startsWith(":")) {
            return json(body);
        }
        CallStream stream = new CallStream();
        StringBuilder data = new StringBuilder();
        body.lines().forEach(line -> {
            if (line.isEmpty()) {
                stream.event(data);
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(5).strip());
            }
        });
        stream.event(data);
        return stream.body();
    }

    /// @return a missing node if it is no JSON
    static JsonNode json(String text) {
        try {
            return Json.foreign(text);
        } catch (JsonProcessingException no) {
            return MissingNode.getInstance();
        }
    }

    private void event(StringBuilder data) {
        String text = data.toString();
        data.setLength(0);
        if (text.equals("[DONE]")) {
            ended = true;
        } else if (!text.isEmpty() && json(text) instanceof ObjectNode event) {
            event(event);
        }
    }

    private void event(ObjectNode event) {
        String type = event.path("type").asText("");
        if (event.hasNonNull("error")) {
            whole.set("error", event.get("error"));
        }
        switch (type) {
            case "message_start" -> event.path("message").properties().forEach(one ->
                    whole.set(one.getKey(), one.getValue()));
            case "content_block_start" -> block(event).add(event.withObjectProperty("content_block"));
            case "content_block_delta" -> block(event).add(event.withObjectProperty("delta"));
            case "message_delta" -> {
                event.path("delta").properties().forEach(one -> whole.set(one.getKey(), one.getValue()));
                event.path("usage").properties().forEach(one ->
                        whole.withObjectProperty("usage").set(one.getKey(), one.getValue()));
            }
            case "message_stop" -> ended = true;
            case "response.completed", "response.incomplete", "response.failed" -> {
                event.path("response").properties().forEach(one -> whole.set(one.getKey(), one.getValue()));
                ended = true;
            }
            default -> chunk(event);
        }
    }

    private Piece block(ObjectNode event) {
        return blocks.computeIfAbsent(event.path("index").asInt(0), index -> new Piece());
    }

    private void chunk(ObjectNode event) {
        for (String name : List.of("id", "model", "created", "usage", "system_fingerprint")) {
            if (event.hasNonNull(name)) {
                whole.set(name, event.get(name));
            }
        }
        for (JsonNode one : event.path("choices")) {
            Piece choice = choices.computeIfAbsent(one.path("index").asInt(0), index -> new Piece());
            if (one.path("delta") instanceof ObjectNode delta) {
                choice.add(delta);
            }
            if (one.path("text").isTextual()) {
                choice.text("text", one.get("text").textValue());
            }
            if (one.hasNonNull("finish_reason")) {
                choice.finish = one.get("finish_reason").asText();
            }
        }
    }

    private ObjectNode body() {
        if (!choices.isEmpty()) {
            ArrayNode list = whole.putArray("choices");
            choices.forEach((index, piece) -> {
                ObjectNode choice = list.addObject().put("index", index);
                ObjectNode said = piece.json();
                if (said.has("text") && !said.has("content")) {
                    choice.set("text", said.get("text"));
                } else {
                    choice.set("message", said);
                }
                choice.put("finish_reason", piece.finish);
            });
        }
        if (!blocks.isEmpty()) {
            ArrayNode list = whole.putArray("content");
            blocks.values().forEach(piece -> list.add(piece.block()));
        }
        boolean said = !choices.isEmpty() && choices.values().stream().noneMatch(one -> one.finish.isEmpty());
        if (!ended && !said) {
            whole.put(UNFINISHED, true);
        }
        return whole;
    }

    /// A message, or a block of one, that grows: texts are put behind each other, calls of tools by their index.
    private static final class Piece {
        private static final List<String> GROWING = List.of("content", "reasoning_content", "reasoning", "refusal",
                "thinking", "text", "partial_json", "signature", "arguments");
        private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
        private final Map<String, JsonNode> others = new LinkedHashMap<>();
        private final Map<Integer, Piece> calls = new TreeMap<>();
        private String finish = "";

        void text(String name, String more) {
            texts.computeIfAbsent(name, key -> new StringBuilder()).append(more);
        }

        void add(ObjectNode delta) {
            delta.properties().forEach(field -> {
                String name = field.getKey();
                JsonNode value = field.getValue();
                if (name.equals("tool_calls")) {
                    for (JsonNode call : value) {
                        call(calls.computeIfAbsent(call.path("index").asInt(calls.size()), i -> new Piece()), call);
                    }
                } else if (GROWING.contains(name) && value.isTextual()) {
                    text(name, value.textValue());
                } else if (!value.isNull()) {
                    boolean kind = name.equals("type") && others.containsKey(name);
                    if (!kind) { // a delta's type says how it adds, not what the block is
                        others.put(name, value);
                    }
                }
            });
        }

        private static void call(Piece into, JsonNode call) {
            for (String name : List.of("id", "type")) {
                if (call.hasNonNull(name)) {
                    into.others.put(name, call.get(name));
                }
            }
            if (call.path("function").hasNonNull("name")) {
                into.others.put("name", call.path("function").get("name"));
            }
            into.text("arguments", call.path("function").path("arguments").asText(""));
        }

        ObjectNode json() {
            ObjectNode json = Json.mapper().createObjectNode();
            others.forEach(json::set);
            texts.forEach((name, text) -> json.put(name, text.toString()));
            if (!calls.isEmpty()) {
                ArrayNode list = json.putArray("tool_calls");
                calls.values().forEach(call -> {
                    ObjectNode one = list.addObject();
                    call.others.forEach((name, value) -> {
                        if (!name.equals("name")) {
                            one.set(name, value);
                        }
                    });
                    one.putObject("function").<ObjectNode>set("name", call.others.getOrDefault("name",
                            MissingNode.getInstance())).put("arguments", call.texts.get("arguments").toString());
                });
            }
            return json;
        }

        /// A block of Anthropic's: the input of a call comes as pieces of its JSON.
        ObjectNode block() {
            ObjectNode block = json();
            if (block.path("partial_json").isTextual()) {
                JsonNode input = CallStream.json(block.remove("partial_json").textValue());
                block.set("input", input.isMissingNode() ? Json.mapper().createObjectNode() : input);
            }
            return block;
        }
    }
}
