package dev.socratic.generator.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import java.util.List;
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
        return of(parent, strategy, kind, text, answer, Optional.empty(), facts);
    }

    /// The same with a worked solution.
    public static Question of(Question parent, String strategy, String kind, String text, Optional<String> answer,
            Optional<String> solution, Map<String, Object> facts) {
        ObjectNode made = made(strategy, kind).put("parent", parent.id());
        facts.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(fact -> made.set(fact.getKey(), Json.tree(fact.getValue())));
        Optional.ofNullable(parent.extra().get(FIELD)).ifPresent(before -> made.set("before", before));
        return question(text, answer, solution, parent.source(), parent.licence(), parent.tags(), made);
    }

    /// A question made of nothing.
    public static Question free(String strategy, String kind, String text) {
        return question(text, Optional.empty(), Optional.empty(), strategy, Optional.empty(), List.of(),
                made(strategy, kind));
    }

    private static ObjectNode made(String strategy, String kind) {
        return Json.mapper().createObjectNode().put("strategy", strategy).put("kind", kind);
    }

    private static Question question(String text, Optional<String> answer, Optional<String> solution, String source,
            Optional<String> licence, List<String> tags, ObjectNode made) {
        String question = text.strip();
        return new Question(RowIds.question(question), question, answer, solution, source, licence, tags,
                Map.of(FIELD, made));
    }
}
