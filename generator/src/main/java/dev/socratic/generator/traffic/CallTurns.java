package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a call says, as training rows say it: turns of `role` and `content` with calls of tools and thoughts beside
/// them, one row for each answer of the call.
///
/// | API | system | thoughts | calls | results |
/// |---|---|---|---|---|
/// | chat completions | a turn | `reasoning_content`, `reasoning` | `tool_calls` | turns of `tool` |
/// | responses | `instructions` | items `reasoning`, their summary | items `function_call` | `function_call_output` |
/// | messages | `system` | blocks `thinking` | blocks `tool_use` | blocks `tool_result` |
final class CallTurns {
    private static final Set<String> OF_A_MESSAGE = Set.of("role", "content", "tool_calls", "function_call",
            "reasoning_content", "reasoning", "name", "tool_call_id", "weight");

    private CallTurns() {}

    /// @param messages what was asked and, as the last turn, answered; empty for a plain text
    /// @param text     prompt and answer; empty for a conversation
    /// @param tools    that were offered
    /// @param finish   why the answer ended, in the API's word
    record Said(ArrayNode messages, String text, ArrayNode tools, String finish) {}

    /// @param form of the call
    /// @return as many as the call has answers
    static List<Said> of(CallForm form, JsonNode request, JsonNode answer) {
        return switch (form) {
            case CHAT -> chat(request, answer);
            case COMPLETION -> completion(request, answer);
            case RESPONSES -> responses(request, answer);
            case MESSAGES -> messages(request, answer);
        };
    }

    private static ArrayNode list() {
        return Json.mapper().createArrayNode();
    }

    private static List<Said> chat(JsonNode request, JsonNode answer) {
        List<Said> all = new ArrayList<>();
        ArrayNode tools = list();
        request.path("tools").forEach(tools::add);
        request.path("functions").forEach(function -> tools.addObject().put("type", "function")
                .set("function", function));
        for (JsonNode choice : answer.path("choices")) {
            if (choice.path("message") instanceof ObjectNode message) {
                ArrayNode turns = list();
                request.path("messages").forEach(turns::add);
                turns.add(turn(message));
                all.add(new Said(turns, "", tools, choice.path("finish_reason").asText("")));
            }
        }
        return all;
    }

    /// Without what servers add to every message: nulls, empty lists of annotations.
    private static ObjectNode turn(ObjectNode message) {
        ObjectNode turn = Json.mapper().createObjectNode().put("role", message.path("role").asText("assistant"));
        message.properties().forEach(field -> {
            boolean nothing = field.getValue().isNull() || field.getValue().isContainerNode()
                    && field.getValue().isEmpty();
            if (OF_A_MESSAGE.contains(field.getKey()) && !nothing) {
                turn.set(field.getKey(), field.getValue());
            }
        });
        if (!turn.has("content")) {
            if (message.path("refusal").isTextual()) {
                turn.set("content", message.get("refusal"));
            } else {
                turn.putNull("content");
            }
        }
        return turn;
    }

    private static List<Said> completion(JsonNode request, JsonNode answer) {
        List<String> prompts = new ArrayList<>();
        JsonNode given = request.path("prompt");
        (given.isArray() ? given : list().add(given)).forEach(one -> prompts.add(one.isTextual()
                ? one.textValue() : ""));
        List<Said> all = new ArrayList<>();
        int each = Math.max(1, answer.path("choices").size() / Math.max(1, prompts.size()));
        for (JsonNode choice : answer.path("choices")) {
            int prompt = Math.min(prompts.size() - 1, choice.path("index").asInt(0) / each);
            String asked = prompt < 0 ? "" : prompts.get(prompt);
            if (!asked.isEmpty()) {
                all.add(new Said(list(), asked + choice.path("text").asText(""), list(),
                        choice.path("finish_reason").asText("")));
            }
        }
        return all;
    }

    private static List<Said> messages(JsonNode request, JsonNode answer) {
        ArrayNode turns = list();
        if (request.hasNonNull("system")) {
            turns.addObject().put("role", "system").set("content", request.get("system"));
        }
        request.path("messages").forEach(message -> blocks(message, turns));
        if (!answer.path("content").isArray()) {
            return List.of();
        }
        blocks(answer, turns);
        ArrayNode tools = list();
        request.path("tools").forEach(tool -> {
            ObjectNode function = tools.addObject().put("type", "function").putObject("function");
            function.set("name", tool.path("name"));
            Optional.of(tool.path("description")).filter(JsonNode::isTextual).ifPresent(text ->
                    function.set("description", text));
            function.set("parameters", tool.path("input_schema"));
        });
        return List.of(new Said(turns, "", tools, answer.path("stop_reason").asText("")));
    }

    /// One message of Anthropic's: results of tools become turns of their own, before what the user says.
    private static void blocks(JsonNode message, ArrayNode turns) {
        ObjectNode turn = Json.mapper().createObjectNode().put("role", message.path("role").asText("assistant"));
        if (!message.path("content").isArray()) {
            turns.add(turn.set("content", message.path("content")));
            return;
        }
        ArrayNode parts = list();
        ArrayNode calls = list();
        StringBuilder thoughts = new StringBuilder();
        for (JsonNode block : message.path("content")) {
            switch (block.path("type").asText("")) {
                case "thinking" -> thoughts.append(block.path("thinking").asText(""));
                case "redacted_thinking" -> { }
                case "tool_use" -> {
                    ObjectNode call = calls.addObject().put("id", block.path("id").asText("")).put("type", "function");
                    call.putObject("function").put("name", block.path("name").asText(""))
                            .set("arguments", block.path("input"));
                }
                case "tool_result" -> turns.addObject().put("role", "tool")
                        .put("tool_call_id", block.path("tool_use_id").asText(""))
                        .set("content", block.has("content") ? block.get("content")
                                : Json.mapper().getNodeFactory().textNode(""));
                default -> parts.add(block);
            }
        }
        if (!thoughts.isEmpty()) {
            turn.put("reasoning_content", thoughts.toString());
        }
        if (!calls.isEmpty()) {
            turn.set("tool_calls", calls);
        }
        if (!parts.isEmpty() || !calls.isEmpty()) {
            turn.set("content", parts.isEmpty() ? Json.mapper().nullNode() : parts);
            turns.add(turn);
        }
    }

    private static List<Said> responses(JsonNode request, JsonNode answer) {
        if (!answer.path("output").isArray()) {
            return List.of();
        }
        ArrayNode turns = list();
        if (request.path("instructions").isTextual()) {
            turns.addObject().put("role", "system").set("content", request.get("instructions"));
        }
        if (request.path("input").isTextual()) {
            turns.addObject().put("role", "user").set("content", request.get("input"));
        } else {
            items(request.path("input"), turns);
        }
        items(answer.path("output"), turns);
        ArrayNode tools = list();
        request.path("tools").forEach(tool -> {
            ObjectNode function = Json.mapper().createObjectNode();
            tool.properties().stream().filter(one -> !one.getKey().equals("type")).forEach(one ->
                    function.set(one.getKey(), one.getValue()));
            tools.addObject().put("type", tool.path("type").asText("function")).set("function", function);
        });
        String status = answer.path("status").asText("");
        String why = answer.path("incomplete_details").path("reason").asText("");
        return List.of(new Said(turns, "", tools, why.isEmpty() ? status : why));
    }

    /// Thoughts and calls belong to the turn of the assistant that they stand beside.
    private static void items(JsonNode items, ArrayNode turns) {
        Optional<ObjectNode> open = Optional.empty();
        for (JsonNode item : items) {
            String type = item.path("type").asText("message");
            if (type.equals("function_call_output")) {
                turns.addObject().put("role", "tool").put("tool_call_id", item.path("call_id").asText(""))
                        .set("content", item.path("output"));
                open = Optional.empty();
            } else if (type.equals("message") && !item.path("role").asText("").equals("assistant")) {
                turns.add(turn((ObjectNode) item));
                open = Optional.empty();
            } else {
                ObjectNode turn = open.orElseGet(() -> turns.addObject().put("role", "assistant").putNull("content"));
                open = Optional.of(turn);
                ofAssistant(type, item, turn);
            }
        }
    }

    private static void ofAssistant(String type, JsonNode item, ObjectNode turn) {
        switch (type) {
            case "message" -> turn.set("content", item.path("content"));
            case "function_call" -> {
                ObjectNode call = turn.withArrayProperty("tool_calls").addObject()
                        .put("id", item.path("call_id").asText("")).put("type", "function");
                call.putObject("function").put("name", item.path("name").asText(""))
                        .set("arguments", item.path("arguments"));
            }
            case "reasoning" -> {
                StringBuilder thoughts = new StringBuilder(turn.path("reasoning_content").asText(""));
                item.path("summary").forEach(part -> thoughts.append(part.path("text").asText("")));
                item.path("content").forEach(part -> thoughts.append(part.path("text").asText("")));
                if (!thoughts.isEmpty()) {
                    turn.put("reasoning_content", thoughts.toString());
                }
            }
            default -> throw new DataException("output", "messages, thoughts and calls of functions",
                    "an item of type '%s'".formatted(type), "leave calls with tools of the endpoint's own out");
        }
    }
}
