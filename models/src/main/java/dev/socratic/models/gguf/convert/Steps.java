package dev.socratic.models.gguf.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// The steps of a normalizer or pre-tokenizer of a `tokenizer.json`, one line each with all that changes what it does,
/// so that two can be compared.
final class Steps {
    private Steps() {}

    /// @param node missing, null, a step, or a sequence of them
    static List<String> of(JsonNode node) {
        List<String> steps = new ArrayList<>();
        if (node.isObject()) {
            add(node, steps);
        }
        return steps;
    }

    private static void add(JsonNode node, List<String> steps) {
        String type = node.path("type").asText();
        switch (type) {
            case "Sequence" -> {
                node.path("pretokenizers").forEach(step -> add(step, steps));
                node.path("normalizers").forEach(step -> add(step, steps));
            }
            case "ByteLevel" -> steps.add("ByteLevel(add_prefix_space=%s, use_regex=%s)".formatted(
                    node.path("add_prefix_space").asBoolean(true), node.path("use_regex").asBoolean(true)));
            case "Digits" -> steps.add("Digits(individual_digits=%s)".formatted(
                    node.path("individual_digits").asBoolean(false)));
            case "Split" -> steps.add("Split(%s, %s, invert=%s)".formatted(node.path("pattern"),
                    node.path("behavior").asText(), node.path("invert").asBoolean(false)));
            case "Replace" -> steps.add("Replace(%s, %s)".formatted(node.path("pattern"), node.path("content")));
            case "Prepend" -> steps.add("Prepend(%s)".formatted(node.path("prepend").asText()));
            case "Metaspace" -> steps.add("Metaspace(%s, %s)".formatted(node.path("replacement").asText(),
                    node.path("prepend_scheme").asText(node.path("add_prefix_space").asBoolean(true) ? "always"
                            : "never")));
            case String other -> steps.add(other);
        }
    }
}
