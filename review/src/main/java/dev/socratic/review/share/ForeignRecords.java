package dev.socratic.review.share;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.curator.review.Opinion;
import dev.socratic.curator.review.Opinion.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What people said in another tool, taken out of a record that it exported: the questions and controls that
/// [ArgillaRecord] and [LabelStudioTask] name, so that what went out comes back. Answers to other questions become
/// labels `question=value`, so that none is lost.
public final class ForeignRecords {
    private ForeignRecords() {}

    /// @param reviewer as the tool names people; empty where it does not
    public record Said(String id, String reviewer, Opinion opinion) {}

    /// @return of each person one; none where nobody answered
    public static List<Said> argilla(JsonNode record) {
        Map<String, Map<String, JsonNode>> by = new LinkedHashMap<>();
        record.path("responses").properties().forEach(question -> question.getValue().forEach(response -> {
            if (!response.path("status").asText("submitted").equals("draft")) {
                by.computeIfAbsent(response.path("user_id").asText(""), name -> new LinkedHashMap<>())
                        .put(question.getKey(), response.path("value"));
            }
        }));
        return said(record.path("id").asText(record.at("/metadata/id").asText()), by);
    }

    /// @return of each person one; none where nobody answered
    public static List<Said> labelStudio(JsonNode task) {
        Map<String, Map<String, JsonNode>> by = new LinkedHashMap<>();
        task.path("annotations").forEach(annotation -> {
            if (annotation.path("was_cancelled").asBoolean()) {
                return;
            }
            JsonNode who = annotation.path("completed_by");
            annotation.path("result").forEach(result -> {
                JsonNode value = result.path("value");
                by.computeIfAbsent(who.path("email").asText(who.asText("")), name -> new LinkedHashMap<>())
                        .put(result.path("from_name").asText(), value.has("choices") ? value.get("choices")
                                : value.has("rating") ? value.get("rating") : value.path("text"));
            });
        });
        return said(task.at("/data/id").asText(), by);
    }

    private static List<Said> said(String id, Map<String, Map<String, JsonNode>> by) {
        List<Said> all = new ArrayList<>();
        by.forEach((reviewer, answers) -> all.add(new Said(id, reviewer, opinion(answers))));
        return all;
    }

    private static Opinion opinion(Map<String, JsonNode> answers) {
        List<String> labels = new ArrayList<>(texts(answers.get("labels")));
        Optional<Choice> decision = texts(answers.get("decision")).stream().findFirst().flatMap(name ->
                Arrays.stream(Choice.values()).filter(choice -> choice.label().equals(name.toLowerCase(Locale.ROOT)))
                        .findFirst());
        answers.forEach((question, value) -> {
            boolean known = List.of("labels", "rating", "note", "answer").contains(question)
                    || question.equals("decision") && decision.isPresent();
            if (!known) {
                texts(value).forEach(text -> labels.add(question + "=" + text));
            }
        });
        Optional<Integer> rating = Optional.ofNullable(answers.get("rating")).filter(JsonNode::isNumber)
                .map(JsonNode::asInt);
        return new Opinion(decision, false, labels, rating, String.join("\n", texts(answers.get("note"))),
                texts(answers.get("answer")).stream().findFirst().map(text -> new Opinion.TextEdit(Optional.empty(),
                        Optional.of(text))), List.of());
    }

    private static List<String> texts(JsonNode value) {
        List<String> all = new ArrayList<>();
        if (value != null && value.isArray()) {
            value.forEach(one -> all.add(one.asText()));
        } else if (value != null && !value.isMissingNode() && !value.isNull()) {
            all.add(value.isObject() ? value.path("label").asText(value.toString()) : value.asText());
        }
        return all;
    }
}
