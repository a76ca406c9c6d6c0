package dev.socratic.datasets.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.row.Trace.Draw;
import dev.socratic.datasets.row.Trace.Prompt;
import dev.socratic.datasets.row.Trace.Teacher;
import dev.socratic.datasets.row.Trace.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Rows as JSON objects and back.
///
/// Known fields come first, always in the same order; an empty `Optional` is left out. Fields we do not know follow
/// in the order they were read in. So two rows that are equal, unknown fields in the same order, are the same bytes.
/// Unknown fields *inside* a known object are kept too: `extra` holds them under that object's name
/// (`extra["teacher"] = {"region": "eu"}`, `extra["verdicts"] = {"0": {...}}`), a name no unknown field of the row
/// can have. A message keeps its own ([ChatMessage#fields]).
public final class RowMapper {
    private static final String ENDPOINT = "endpoint";
    private static final String WEIGHTS = "weights";

    private RowMapper() {}

    public static ObjectNode json(Question question) {
        ObjectNode json = object();
        json.put("id", question.id());
        json.put("question", question.question());
        question.answer().ifPresent(text -> json.put("answer", text));
        question.solution().ifPresent(text -> json.put("solution", text));
        json.put("source", question.source());
        question.licence().ifPresent(text -> json.put("licence", text));
        ArrayNode tags = json.putArray("tags");
        question.tags().forEach(tags::add);
        question.extra().forEach(json::set);
        return json;
    }

    /// @param json an object with `question`; `id` is computed where it is absent, `source` is empty and `tags` are
    ///             none
    /// @throws DataException if a field is missing or of the wrong type; the place is the field's path in the row
    public static Question question(JsonNode json) {
        FieldReader row = new FieldReader("", json);
        String text = row.text("question");
        Optional<String> id = row.optionalText("id");
        return new Question(
                id.orElseGet(() -> RowIds.question(text)),
                text,
                row.optionalText("answer"),
                row.optionalText("solution"),
                row.text("source", ""),
                row.optionalText("licence"),
                row.texts("tags"),
                map(row.rest()));
    }

    public static ObjectNode json(Trace trace) {
        ObjectNode json = object();
        json.put("id", trace.id());
        json.put("question_id", trace.questionId());
        json.set("messages", Turns.json(trace.messages()));
        trace.reasoning().ifPresent(text -> json.put("reasoning", text));
        json.put("answer_text", trace.answerText());
        trace.finalAnswer().ifPresent(text -> json.put("final_answer", text));
        json.set("teacher", teacher(trace.teacher()));
        json.putObject("prompt")
                .put("template", trace.prompt().template())
                .put("version", trace.prompt().version())
                .put("hash", trace.prompt().hash());
        Sampling sampling = trace.sampling().sampling();
        ObjectNode draw = json.putObject("sampling")
                .put("temperature", sampling.temperature())
                .put("top_p", sampling.topP());
        sampling.further().forEach((name, value) -> draw.set(name, Json.tree(value)));
        draw.put("max_tokens", trace.sampling().maxTokens())
                .put("seed", trace.sampling().seed())
                .put("index", trace.sampling().index());
        json.putObject("usage")
                .put("prompt_tokens", trace.usage().promptTokens())
                .put("completion_tokens", trace.usage().completionTokens())
                .put("cost_usd", trace.usage().costUsd());
        json.put("finish_reason", trace.finishReason().name().toLowerCase(Locale.ROOT));
        ArrayNode verdicts = json.putArray("verdicts");
        trace.verdicts().forEach(v -> verdicts.addObject()
                .put("check", v.check()).put("passed", v.passed()).put("detail", v.detail()));
        trace.created().ifPresent(text -> json.put("created", text));
        trace.extra().forEach((name, value) -> putBack(json, name, value));
        return json;
    }

    /// @throws DataException if a field is missing or of the wrong type; the place is the field's path in the row
    public static Trace trace(JsonNode json) {
        FieldReader row = new FieldReader("", json);
        Map<String, JsonNode> inside = new LinkedHashMap<>();
        FieldReader teacher = row.inner("teacher");
        FieldReader prompt = row.inner("prompt");
        FieldReader sampling = row.inner("sampling");
        FieldReader usage = row.inner("usage");
        List<ChatMessage> messages = row.has("messages") && !json.get("messages").isEmpty()
                ? Turns.read(json.get("messages"), "messages") : List.of();
        List<FieldReader> verdicts = objects(row, "verdicts");
        Trace known = new Trace(
                row.text("id"),
                row.text("question_id"),
                messages,
                row.optionalText("reasoning"),
                row.text("answer_text"),
                row.optionalText("final_answer"),
                teacher(teacher),
                new Prompt(prompt.text("template"), prompt.text("version"), prompt.text("hash")),
                new Draw(
                        SamplingFields.read(sampling),
                        sampling.smallWhole("max_tokens"),
                        sampling.whole("seed"),
                        sampling.smallWhole("index")),
                new Usage(usage.whole("prompt_tokens"), usage.whole("completion_tokens"), usage.number("cost_usd")),
                finish(row),
                verdicts.stream().map(v -> new Verdict(v.text("check"), v.flag("passed"), v.text("detail", "")))
                        .toList(),
                row.optionalText("created"),
                Map.of());
        keep(inside, "teacher", teacher.rest());
        keep(inside, "prompt", prompt.rest());
        keep(inside, "sampling", sampling.rest());
        keep(inside, "usage", usage.rest());
        keep(inside, "verdicts", rest(verdicts));
        inside.putAll(map(row.rest()));
        return withExtra(known, inside);
    }

    private static ObjectNode teacher(Teacher teacher) {
        ObjectNode json = object().put("name", teacher.name());
        String place = teacher.place();
        int colon = place.indexOf(':');
        String kind = colon < 0 ? "" : place.substring(0, colon);
        if (kind.equals(ENDPOINT) || kind.equals(WEIGHTS)) {
            json.put(kind, place.substring(colon + 1));
        } else {
            json.put("place", place);
        }
        return json.put("revision", teacher.revision());
    }

    private static Teacher teacher(FieldReader json) {
        String place = json.has(ENDPOINT)
                ? ENDPOINT + ":" + json.text(ENDPOINT)
                : json.has(WEIGHTS) ? WEIGHTS + ":" + json.text(WEIGHTS) : json.text("place", "");
        return new Teacher(json.text("name"), place, json.text("revision", ""));
    }

    private static FinishReason finish(FieldReader row) {
        String name = row.text("finish_reason");
        for (FinishReason reason : FinishReason.values()) {
            if (reason.name().toLowerCase(Locale.ROOT).equals(name)) {
                return reason;
            }
        }
        throw new DataException(
                row.at("finish_reason"), "one of stop, length, content_filter, other", "\"" + name + "\"", "");
    }

    private static List<FieldReader> objects(FieldReader row, String name) {
        List<FieldReader> objects = new ArrayList<>();
        for (JsonNode item : row.items(name)) {
            objects.add(new FieldReader("%s[%s]".formatted(name, objects.size()), item));
        }
        return objects;
    }

    private static ObjectNode rest(List<FieldReader> items) {
        ObjectNode rest = object();
        for (int i = 0; i < items.size(); i++) {
            ObjectNode unknown = items.get(i).rest();
            if (!unknown.isEmpty()) {
                rest.set(Integer.toString(i), unknown);
            }
        }
        return rest;
    }

    private static void keep(Map<String, JsonNode> inside, String name, ObjectNode unknown) {
        if (!unknown.isEmpty()) {
            inside.put(name, unknown);
        }
    }

    /// Where the name is a known object or list, the value holds unknown fields of its inside.
    private static void putBack(ObjectNode json, String name, JsonNode value) {
        switch (json.get(name)) {
            case ObjectNode known when value.isObject() -> value.properties()
                    .forEach(f -> known.set(f.getKey(), f.getValue()));
            case ArrayNode known when value.isObject() -> value.properties().forEach(f -> {
                if (known.get(Integer.parseInt(f.getKey())) instanceof ObjectNode item) {
                    f.getValue().properties().forEach(inner -> item.set(inner.getKey(), inner.getValue()));
                }
            });
            case null, default -> json.set(name, value);
        }
    }

    private static Trace withExtra(Trace t, Map<String, JsonNode> extra) {
        return new Trace(
                t.id(), t.questionId(), t.messages(), t.reasoning(), t.answerText(), t.finalAnswer(), t.teacher(),
                t.prompt(),
                t.sampling(), t.usage(), t.finishReason(), t.verdicts(), t.created(), extra);
    }

    private static Map<String, JsonNode> map(ObjectNode rest) {
        Map<String, JsonNode> map = new LinkedHashMap<>();
        rest.properties().forEach(field -> map.put(field.getKey(), field.getValue()));
        return map;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
