package dev.socratic.cli.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How a model writes that it calls a tool: what its chat template shows it of earlier calls.
enum ToolFormat {
    /// `<tool_call>{"name": .., "arguments": ..}</tool_call>`, any number, text before them: Hermes, Qwen, SmolLM.
    TAGGED,
    /// `[TOOL_CALLS] [{"name": .., "arguments": ..}, ..]`, the whole answer: Mistral.
    LISTED,
    /// `{"name": .., "parameters": ..}`, the whole answer, several with `;` between: Llama 3.
    BARE;

    static final String OPEN = "<tool_call>";
    static final String CLOSE = "</tool_call>";
    static final String LIST = "[TOOL_CALLS]";
    private static final String PYTHON = "<|python_tag|>";

    /// A call, as the model wrote it.
    ///
    /// @param arguments JSON
    record Call(String name, String arguments) {}

    /// @param template source of a chat template
    /// @return empty if it shows calls in another form, or none
    static Optional<ToolFormat> of(String template) {
        if (!template.contains("tools")) {
            return Optional.empty();
        }
        if (template.contains(OPEN)) {
            return template.contains("<function=") ? Optional.empty() : Optional.of(TAGGED);
        }
        if (template.contains(LIST)) {
            return template.contains("[ARGS]") ? Optional.empty() : Optional.of(LISTED);
        }
        boolean llama = template.contains("\"parameters\"") && template.contains("<|start_header_id|>");
        return llama ? Optional.of(BARE) : Optional.empty();
    }

    /// @param text between the tags, or a whole answer
    /// @return the calls in it; empty if it is no call, or not a whole one
    List<Call> calls(String text) {
        return switch (this) {
            case TAGGED -> call(text).stream().toList();
            case LISTED -> {
                String list = text.strip().startsWith(LIST) ? text.strip().substring(LIST.length()) : text;
                yield json(list).filter(JsonNode::isArray).map(ToolFormat::all).orElse(List.of());
            }
            case BARE -> {
                String body = text.strip().startsWith(PYTHON) ? text.strip().substring(PYTHON.length()) : text;
                Optional<JsonNode> several = json("[" + body.replaceAll("}\\s*;\\s*\\{", "}, {") + "]");
                yield several.map(ToolFormat::all).orElse(List.of());
            }
        };
    }

    /// @return what stands before a call
    String mark() {
        return switch (this) {
            case TAGGED -> OPEN;
            case LISTED -> LIST;
            case BARE -> "";
        };
    }

    /// @param tools of which one is to be called
    /// @return JSON schema of a call as the model writes it, behind the mark
    JsonNode schema(List<JsonNode> tools) {
        String arguments = this == BARE ? "parameters" : "arguments";
        ObjectNode schema = Json.mapper().createObjectNode();
        ObjectNode definitions = Json.mapper().createObjectNode();
        ArrayNode calls = Json.mapper().createArrayNode();
        for (JsonNode tool : tools) {
            ObjectNode call = calls.addObject().put("type", "object").put("additionalProperties", false);
            ObjectNode properties = call.putObject("properties");
            properties.putObject("name").put("const", tool.at("/function/name").asText());
            JsonNode parameters = tool.at("/function/parameters");
            ObjectNode shown = parameters.isObject() ? parameters.deepCopy()
                    : Json.mapper().createObjectNode().put("type", "object");
            Stream.of("$defs", "definitions").map(shown::remove).filter(JsonNode.class::isInstance)
                    .forEach(found -> definitions.setAll((ObjectNode) found)); // they are found from the root
            properties.set(arguments, shown);
            call.putArray("required").add("name").add(arguments);
        }
        ArrayNode any = this == LISTED ? schema.put("type", "array").put("minItems", 1).put("maxItems", 1)
                .putObject("items").putArray("anyOf") : schema.putArray("anyOf");
        any.addAll(calls);
        if (!definitions.isEmpty()) {
            schema.set("$defs", definitions);
        }
        return schema;
    }

    /// @return whether an answer that begins so may be nothing but calls
    boolean begins(String text) {
        String start = text.strip();
        return switch (this) {
            case TAGGED -> false;
            case LISTED -> start.startsWith(LIST) || start.matches("(?s)\\[\\s*\\{.*");
            case BARE -> start.startsWith("{") || start.startsWith(PYTHON);
        };
    }

    /// @return whether more text may make it begin so
    boolean mayBegin(String text) {
        String start = text.strip();
        return switch (this) {
            case TAGGED -> false;
            case LISTED -> LIST.startsWith(start) || start.matches("\\[\\s*");
            case BARE -> PYTHON.startsWith(start);
        };
    }

    /// @return none at all if one of them is no call
    private static List<Call> all(JsonNode list) {
        List<Call> calls = new ArrayList<>();
        for (JsonNode one : list) {
            Optional<Call> call = call(one.toString());
            if (call.isEmpty()) {
                return List.of();
            }
            calls.add(call.get());
        }
        return calls;
    }

    private static Optional<Call> call(String text) {
        return json(text).filter(node -> node.path("name").isTextual()).flatMap(node -> {
            JsonNode arguments = node.has("arguments") ? node.path("arguments") : node.path("parameters");
            return arguments.isObject() || arguments.isMissingNode() || arguments.isTextual()
                    ? Optional.of(new Call(node.path("name").asText(), arguments.isObject() ? arguments.toString()
                    : arguments.isTextual() ? arguments.asText() : "{}"))
                    : Optional.empty();
        });
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return Optional.of(Json.foreign(text.strip()));
        } catch (JsonProcessingException | RuntimeException broken) {
            return Optional.empty(); // the model wrote something else
        }
    }
}
