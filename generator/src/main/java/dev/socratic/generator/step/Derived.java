package dev.socratic.generator.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Questions made of questions, with where they come from in the field [#FIELD]: `{strategy, kind, parent, parents?}`.
public final class Derived {
    /// The field of a question that says who made it of what.
    public static final String FIELD = "made_by";

    private Derived() {}

    /// @param strategy that made it
    /// @param kind     in which way, in a word
    /// @param answer   its gold answer, where one is known
    /// @param facts    further fields, such as the values that were drawn
    public static Question of(Question parent, String strategy, String kind, String text, Optional<String> answer,
            Map<String, Object> facts) {
        ObjectNode made = Json.mapper().createObjectNode()
                .put("strategy", strategy).put("kind", kind).put("parent", parent.id());
        facts.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(fact -> made.set(fact.getKey(), Json.tree(fact.getValue())));
        Optional.ofNullable(parent.extra().get(FIELD)).ifPresent(before -> made.set("before", before));
        Map<String, JsonNode> extra = new LinkedHashMap<>(Map.of(FIELD, made));
        String question = text.strip();
        return new Question(RowIds.question(question), question, answer, Optional.empty(), parent.source(),
                parent.licence(), parent.tags(), extra);
    }
}
