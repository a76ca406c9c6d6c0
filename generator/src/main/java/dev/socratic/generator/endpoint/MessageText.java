package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The texts of an answer's message, in each of the forms in use: `content` as a text, as an object with one, or as a
/// list of parts (Mistral's `thinking` beside `text`, OpenAI's `refusal`); reasoning in a field of its own,
/// `reasoning_content` (DeepSeek, vLLM, SGLang), `reasoning` (OpenRouter, newer vLLM), `thinking`,
/// `reasoning_details` (OpenRouter), as a text, an object or a list.
///
/// @param text      the answer; empty where there is none
/// @param reasoning what came as reasoning
/// @param refusal   what came as refusal
record MessageText(String text, Optional<String> reasoning, Optional<String> refusal) {
    private static final Set<String> THOUGHTS = Set.of(
            "thinking", "reasoning", "thought", "reasoning_content", "reasoning.text", "reasoning.summary", "summary",
            "reasoning_text");
    private static final List<String> FIELDS = List.of(
            "reasoning_content", "reasoning", "thinking", "reasoning_details", "thought");
    private static final List<String> TEXTS = List.of(
            "text", "thinking", "reasoning", "content", "summary", "value", "refusal");

    /// @param message of a choice, or the `delta` of a piece of one
    static MessageText of(JsonNode message) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        StringBuilder refusal = new StringBuilder(texts(message.path("refusal")));
        JsonNode content = message.path("content");
        for (JsonNode part : content.isArray() ? content : List.of(content)) {
            String type = part.path("type").asText("");
            if (THOUGHTS.contains(type)) {
                thoughts.append(texts(part));
            } else if (type.equals("refusal")) {
                refusal.append(texts(part));
            } else {
                text.append(texts(part));
            }
        }
        for (String field : FIELDS) {
            if (thoughts.isEmpty()) {
                thoughts.append(texts(message.path(field)));
            }
        }
        return new MessageText(text.toString(), notBlank(thoughts), notBlank(refusal));
    }

    /// @return the same with another piece behind it
    MessageText plus(MessageText next) {
        return new MessageText(text + next.text, joined(reasoning, next.reasoning), joined(refusal, next.refusal));
    }

    private static Optional<String> joined(Optional<String> first, Optional<String> second) {
        return first.isEmpty() ? second : Optional.of(first.get() + second.orElse(""));
    }

    /// Blank pieces stay, for in a stream they stand between words.
    private static Optional<String> notBlank(CharSequence text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
    }

    /// Every text in a part, whatever it is wrapped in; a part that holds none (a reference, a signature) has none.
    private static String texts(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isArray()) {
            List<String> all = new ArrayList<>();
            node.forEach(part -> all.add(texts(part)));
            return all.stream().collect(Collectors.joining());
        }
        for (String field : node.isObject() ? TEXTS : List.<String>of()) {
            String found = texts(node.path(field));
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }
}
