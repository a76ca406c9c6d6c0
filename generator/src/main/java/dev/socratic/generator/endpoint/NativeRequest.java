package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.generator.teacher.Api;
import dev.socratic.generator.teacher.RequestShape;
import java.util.Map;
import java.util.Set;

/// A chat request of OpenAI's form in the form of another API. Fields that stand in none of these tables are the
/// user's `extra_body` and are laid over the result as they are, objects into objects.
///
/// | OpenAI | Anthropic | Gemini (`generationConfig`) | Ollama (`options`) | Bedrock (`inferenceConfig`) |
/// |---|---|---|---|---|
/// | `max_tokens` | `max_tokens` | `maxOutputTokens` | `num_predict` | `maxTokens` |
/// | `temperature` | `temperature` | `temperature` | `temperature` | `temperature` |
/// | `top_p` | `top_p` | `topP` | `top_p` | `topP` |
/// | `stop` | `stop_sequences` | `stopSequences` | `stop` | `stopSequences` |
/// | `seed` | - | `seed` | `seed` | - |
final class NativeRequest {
    private static final Set<String> OURS = Set.of("model", "messages", "stream", "n", "response_format");
    private static final Map<Api, Map<String, String>> NAMES = Map.of(
            Api.ANTHROPIC, Map.of("max_tokens", "max_tokens", "temperature", "temperature", "top_p", "top_p", "stop",
                    "stop_sequences", "top_k", "top_k"),
            Api.GEMINI, Map.of("max_tokens", "maxOutputTokens", "temperature", "temperature", "top_p", "topP", "stop",
                    "stopSequences", "seed", "seed", "top_k", "topK", "presence_penalty", "presencePenalty",
                    "frequency_penalty", "frequencyPenalty"),
            Api.OLLAMA, Map.ofEntries(Map.entry("max_tokens", "num_predict"), Map.entry("temperature", "temperature"),
                    Map.entry("top_p", "top_p"), Map.entry("stop", "stop"), Map.entry("seed", "seed"),
                    Map.entry("top_k", "top_k"), Map.entry("min_p", "min_p"), Map.entry("typical_p", "typical_p"),
                    Map.entry("repetition_penalty", "repeat_penalty"),
                    Map.entry("presence_penalty", "presence_penalty"),
                    Map.entry("frequency_penalty", "frequency_penalty")),
            Api.BEDROCK, Map.of("max_tokens", "maxTokens", "temperature", "temperature", "top_p", "topP", "stop",
                    "stopSequences"));

    private NativeRequest() {}

    /// @param body a chat request of ours
    static ObjectNode of(Api api, ObjectNode body) {
        return switch (api) {
            case OPENAI -> body;
            case ANTHROPIC -> anthropic(body);
            case GEMINI -> gemini(body);
            case OLLAMA -> ollama(body);
            case BEDROCK -> bedrock(body);
        };
    }

    private static ObjectNode anthropic(ObjectNode body) {
        ObjectNode own = object();
        own.set("model", body.path("model"));
        String system = system(body);
        if (!system.isEmpty()) {
            own.put("system", system);
        }
        ArrayNode messages = own.putArray("messages");
        turns(body).forEach(turn -> messages.add(turn));
        settings(Api.ANTHROPIC, body, own);
        return further(Api.ANTHROPIC, body, own);
    }

    private static ObjectNode gemini(ObjectNode body) {
        ObjectNode own = object();
        String system = system(body);
        if (!system.isEmpty()) {
            own.putObject("systemInstruction").putArray("parts").addObject().put("text", system);
        }
        ArrayNode contents = own.putArray("contents");
        turns(body).forEach(turn -> contents.addObject()
                .put("role", turn.path("role").asText().equals("assistant") ? "model" : "user")
                .putArray("parts").addObject().set("text", turn.path("content")));
        ObjectNode config = own.putObject("generationConfig");
        settings(Api.GEMINI, body, config);
        JsonNode schema = body.path("response_format").path("json_schema").path("schema");
        if (schema.isObject()) {
            config.put("responseMimeType", "application/json").set("responseJsonSchema", schema);
        }
        return further(Api.GEMINI, body, own);
    }

    private static ObjectNode ollama(ObjectNode body) {
        ObjectNode own = object();
        own.set("model", body.path("model"));
        own.set("messages", body.path("messages"));
        own.put("stream", false);
        settings(Api.OLLAMA, body, own.putObject("options"));
        JsonNode schema = body.path("response_format").path("json_schema").path("schema");
        if (schema.isObject()) {
            own.set("format", schema);
        }
        return further(Api.OLLAMA, body, own);
    }

    private static ObjectNode bedrock(ObjectNode body) {
        ObjectNode own = object();
        String system = system(body);
        if (!system.isEmpty()) {
            own.putArray("system").addObject().put("text", system);
        }
        ArrayNode messages = own.putArray("messages");
        turns(body).forEach(turn -> messages.addObject().put("role", turn.path("role").asText())
                .putArray("content").addObject().set("text", turn.path("content")));
        settings(Api.BEDROCK, body, own.putObject("inferenceConfig"));
        return further(Api.BEDROCK, body, own);
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }

    private static String system(ObjectNode body) {
        StringBuilder system = new StringBuilder();
        for (JsonNode turn : body.path("messages")) {
            if (turn.path("role").asText().equals("system")) {
                system.append(system.isEmpty() ? "" : "\n\n").append(turn.path("content").asText());
            }
        }
        return system.toString();
    }

    private static ArrayNode turns(ObjectNode body) {
        ArrayNode turns = Json.mapper().createArrayNode();
        for (JsonNode turn : body.path("messages")) {
            if (!turn.path("role").asText().equals("system")) {
                turns.addObject().put("role", turn.path("role").asText()).set("content", turn.path("content"));
            }
        }
        return turns;
    }

    private static String plain(String field) {
        return RequestShape.MAX_TOKENS_NAMES.contains(field) ? RequestShape.MAX_TOKENS : field;
    }

    private static void settings(Api api, ObjectNode body, ObjectNode into) {
        body.properties().forEach(field -> {
            String name = NAMES.get(api).getOrDefault(plain(field.getKey()), "");
            boolean none = field.getValue().isArray() && field.getValue().isEmpty();
            if (!name.isEmpty() && !none) {
                into.set(name, field.getValue());
            }
        });
    }

    private static ObjectNode further(Api api, ObjectNode body, ObjectNode own) {
        body.properties().forEach(field -> {
            String name = plain(field.getKey());
            if (!OURS.contains(name) && !NAMES.get(api).containsKey(name) && !api.without().contains(name)) {
                lay(own, field.getKey(), field.getValue());
            }
        });
        return own;
    }

    private static void lay(ObjectNode over, String name, JsonNode value) {
        if (over.path(name) instanceof ObjectNode there && value instanceof ObjectNode more) {
            more.properties().forEach(field -> lay(there, field.getKey(), field.getValue()));
        } else {
            over.set(name, value);
        }
    }
}
