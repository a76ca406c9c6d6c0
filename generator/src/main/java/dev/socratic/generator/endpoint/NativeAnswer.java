package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;

/// An answer of another API as OpenAI's chat completions would give it; any other body as it is. Told by its shape: no
/// body of one looks like another's.
///
/// | API | text | thoughts | end | counts |
/// |---|---|---|---|---|
/// | Anthropic | `content[].text` | `content[].thinking` | `stop_reason` | `usage` |
/// | Gemini | `candidates[].content.parts[].text` | parts with `thought` | `finishReason` | `usageMetadata` |
/// | Ollama | `message.content` | `message.thinking` | `done_reason` | `prompt_eval_count`, `eval_count` |
/// | Bedrock | `output.message.content[].text` | `reasoningContent.reasoningText` | `stopReason` | `usage` |
final class NativeAnswer {
    private NativeAnswer() {}

    static JsonNode asChat(JsonNode json) {
        if (!(json instanceof ObjectNode body) || body.has("choices")) {
            return json;
        }
        if (body.path("type").asText("").equals("message") && body.path("content").isArray()) {
            return chat(body, body.get("content"), body.path("stop_reason"));
        }
        if (body.has("candidates") || body.path("promptFeedback").has("blockReason")) {
            return gemini(body);
        }
        if (body.path("output").path("message").path("content").isArray()) {
            return bedrock(body);
        }
        if (body.path("message").isObject() && body.has("done")) {
            ObjectNode chat = chat(body, body.path("message").path("content"), body.path("done_reason"));
            chat.withArrayProperty("choices").get(0).withObject("/message")
                    .set("thinking", body.path("message").path("thinking"));
            if (body.has("eval_count")) {
                ObjectNode usage = chat.putObject("usage");
                usage.set("prompt_tokens", body.path("prompt_eval_count"));
                usage.set("completion_tokens", body.path("eval_count"));
            }
            return chat;
        }
        return json;
    }

    private static ObjectNode chat(ObjectNode body, JsonNode content, JsonNode end) {
        ObjectNode chat = body.deepCopy();
        ObjectNode choice = chat.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").set("content", content);
        choice.set("finish_reason", end.isMissingNode() ? choice.nullNode() : end);
        return chat;
    }

    /// A prompt that is blocked has no candidate: it is an answer that is withheld.
    private static ObjectNode gemini(ObjectNode body) {
        ObjectNode chat = body.deepCopy();
        ArrayNode choices = chat.putArray("choices");
        for (JsonNode candidate : body.path("candidates")) {
            ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
            ArrayNode content = choice.putObject("message").putArray("content");
            for (JsonNode part : candidate.path("content").path("parts")) {
                boolean thought = part.path("thought").asBoolean(false);
                content.addObject().put("type", thought ? "thinking" : "text")
                        .put(thought ? "thinking" : "text", part.path("text").asText(""));
            }
            choice.set("finish_reason", candidate.path("finishReason"));
        }
        if (choices.isEmpty() && body.path("promptFeedback").has("blockReason")) {
            choices.addObject().put("index", 0).put("finish_reason", "content_filter").putObject("message")
                    .put("content", "");
        }
        return chat;
    }

    private static ObjectNode bedrock(ObjectNode body) {
        ArrayNode content = Json.mapper().createArrayNode();
        for (JsonNode part : body.at("/output/message/content")) {
            JsonNode thought = part.path("reasoningContent").path("reasoningText").path("text");
            if (part.has("text")) {
                content.addObject().put("type", "text").set("text", part.get("text"));
            } else if (thought.isTextual()) {
                content.addObject().put("type", "thinking").set("thinking", thought);
            }
        }
        return chat(body, content, body.path("stopReason"));
    }
}
