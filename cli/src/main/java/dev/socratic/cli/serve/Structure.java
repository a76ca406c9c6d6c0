package dev.socratic.cli.serve;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Constraint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an answer has to be as a whole, as requests say it: OpenAI's `response_format`, vLLM's `structured_outputs` and
/// its older `guided_json`, `guided_regex`, `guided_choice`.
final class Structure {
    private static final String FORMAT = "response_format";
    private static final String OUTPUTS = "structured_outputs";
    private static final Constraint OBJECT =
            new Constraint.JsonSchema(Map.of("type", "object", "additionalProperties", true));

    private Structure() {}

    /// @throws ApiFailure naming the field that is wrong, or the second that says something
    static Optional<Constraint> read(RequestFields fields) {
        Map<String, Constraint> said = new LinkedHashMap<>();
        fields.object(FORMAT).ifPresent(format -> format(format).ifPresent(one -> said.put(FORMAT, one)));
        fields.object(OUTPUTS).ifPresent(outputs -> {
            outputs.value("json").ifPresent(schema -> said.put(OUTPUTS + ".json", schema(outputs, "json", schema)));
            outputs.text("regex").ifPresent(regex -> said.put(OUTPUTS + ".regex", new Constraint.Regex(regex)));
            outputs.value("choice").ifPresent(list -> said.put(OUTPUTS + ".choice", choice(outputs, "choice", list)));
            outputs.close();
        });
        fields.value("guided_json").ifPresent(schema ->
                said.put("guided_json", schema(fields, "guided_json", schema)));
        fields.text("guided_regex").ifPresent(regex -> said.put("guided_regex", new Constraint.Regex(regex)));
        fields.value("guided_choice").ifPresent(list ->
                said.put("guided_choice", choice(fields, "guided_choice", list)));
        if (said.size() > 1) {
            List<String> names = List.copyOf(said.keySet());
            throw fields.wrong(names.get(1), "nothing expected beside %s; leave one of them out".formatted(
                    names.getFirst()));
        }
        return said.values().stream().findFirst();
    }

    private static Optional<Constraint> format(RequestFields format) {
        String type = format.text("type").orElse("");
        Optional<Constraint> constraint = switch (type) {
            case "text" -> Optional.empty();
            case "json_object" -> Optional.of(OBJECT);
            case "json_schema" -> Optional.of(format.object("json_schema").map(named -> {
                named.ignorable(List.of("name", "description"));
                boolean unused = named.flag("strict", true); // it is held to either way
                Constraint schema = schema(named, "schema", named.raw("schema"));
                named.close();
                return schema;
            }).orElseThrow(() -> format.wrong("json_schema", "{\"name\", \"schema\"} expected; got nothing")));
            default -> throw format.wrong("type", "'text', 'json_object' or 'json_schema' expected; got '%s'"
                    .formatted(type));
        };
        format.close();
        return constraint;
    }

    /// @param schema as an object, or as JSON in a text
    static Constraint schema(RequestFields fields, String field, JsonNode schema) {
        JsonNode read = schema.isTextual() ? Json.foreign(schema.asText(), field) : schema;
        if (!read.isObject()) {
            throw fields.wrong(field, "a JSON schema expected; got " + RequestFields.said(schema));
        }
        return new Constraint.JsonSchema(Json.mapper().convertValue(read,
                new TypeReference<LinkedHashMap<String, Object>>() {}));
    }

    private static Constraint choice(RequestFields fields, String field, JsonNode list) {
        List<String> choices = new ArrayList<>();
        list.forEach(one -> choices.add(one.asText()));
        if (!list.isArray() || list.isEmpty() || list.valueStream().anyMatch(one -> !one.isTextual())) {
            throw fields.wrong(field, "a list of at least one text expected; got " + RequestFields.said(list));
        }
        return new Constraint.Choice(choices);
    }
}
