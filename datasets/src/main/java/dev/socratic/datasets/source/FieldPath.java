package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The way to a value inside a row: `answer`, `175b_finetuning.solution`, `turns[0].text`, `turns[-1].text` (from the
/// end).
///
/// A field whose own name has a dot in it is found under its full name first.
public final class FieldPath {
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(-?\\d{1,9})]");

    private static final Pattern WHOLE = Pattern.compile("[^.\\[\\]]+(?:\\.[^.\\[\\]]+|\\[-?\\d{1,9}])*");

    private sealed interface Step {
        record Name(String name) implements Step {}

        record Index(int index) implements Step {}
    }

    private final String text;
    private final List<Step> steps;

    private FieldPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = steps;
    }

    /// @throws IllegalArgumentException if it is no path
    public static FieldPath of(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a path such as answer, model.solution or turns[0].text; got \"%s\"".formatted(text));
        }
        List<Step> steps = new ArrayList<>();
        Matcher step = STEP.matcher(text);
        while (step.find()) {
            steps.add(step.group(1) != null
                    ? new Step.Name(step.group(1))
                    : new Step.Index(Integer.parseInt(step.group(2))));
        }
        return new FieldPath(text, steps);
    }

    /// @return the value there; empty where it is absent or null
    public Optional<JsonNode> in(JsonNode row) {
        if (row.hasNonNull(text)) {
            return Optional.of(row.get(text));
        }
        JsonNode node = row;
        for (Step step : steps) {
            node = switch (step) {
                case Step.Name name -> node.path(name.name());
                case Step.Index index -> node.path(index.index() < 0 ? node.size() + index.index() : index.index());
            };
        }
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    /// @return the text there, numbers and truth values as JSON writes them; empty where it is absent, null, a list
    ///         or an object
    public Optional<String> textIn(JsonNode row) {
        return in(row).filter(JsonNode::isValueNode).map(JsonNode::asText);
    }

    /// @return the name of the row's own field this path goes through
    String root() {
        return steps.getFirst() instanceof Step.Name name ? name.name() : "";
    }

    @Override
    public String toString() {
        return text;
    }
}
