package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A file of calls that others logged or exported ([ExportForm]): JSON lines, an array, or objects one after the
/// other. Every row is one call; one of no known form is counted and told.
///
/// @param file     to read
/// @param requests files of what was asked, for results of batches, which do not repeat it
public record ImportedTraffic(Path file, List<Path> requests) implements TrafficSource {
    public ImportedTraffic {
        requests = List.copyOf(requests);
    }

    @Override
    public List<String> each(Consumer<CapturedCall> sink) {
        Map<String, JsonNode> asked = asked();
        List<String> notes = new ArrayList<>();
        long unknown = 0;
        long number = 0;
        try (Quarantine quarantine = Quarantine.list(); RowReader rows = RowFiles.read(file, quarantine)) {
            while (rows.hasNext()) {
                ObjectNode row = rows.next().json();
                number++;
                Optional<ExportForm> form = ExportForm.of(row);
                unknown += form.isEmpty() ? 1 : 0;
                long place = number;
                form.ifPresent(known -> sink.accept(call(known, row, asked, "%s, row %s".formatted(file, place))));
            }
            notes.addAll(quarantine.report());
        }
        if (unknown > 0) {
            notes.add(("%s: %s rows are no call of a known log or export; known are batches and stored completions of "
                    + "OpenAI, batches of Anthropic, exports of ChatGPT and Claude, logs of LiteLLM and Langfuse, and "
                    + "{\"request\": ..., \"response\": ...}").formatted(file, unknown));
        }
        return notes;
    }

    private Map<String, JsonNode> asked() {
        Map<String, JsonNode> all = new HashMap<>();
        for (Path path : requests) {
            try (RowReader rows = RowFiles.read(path, Quarantine.refuse())) {
                rows.forEachRemaining(row -> all.put(row.json().path("custom_id").asText(""),
                        row.json().has("params") ? row.json().get("params") : row.json().path("body")));
            }
        }
        return all;
    }

    private static CapturedCall call(ExportForm form, ObjectNode row, Map<String, JsonNode> asked, String place) {
        return switch (form) {
            case OPENAI_BATCH -> batch(row, asked, place);
            case ANTHROPIC_BATCH -> new CapturedCall(row.path("custom_id").asText(), Optional.empty(),
                    Optional.of(CallForm.MESSAGES), row.path("result").path("type").asText("").equals("succeeded")
                    ? 200 : 500, CallEnd.WHOLE, -1, Map.of("custom_id", row.path("custom_id").asText()),
                    asked.getOrDefault(row.path("custom_id").asText(""), MissingNode.getInstance()),
                    row.path("result").path("message"), List.of(), place);
            case CHATGPT -> conversation(row, ChatExports.chatGpt(row), row.path("default_model_slug").asText(""),
                    row.path("create_time"), CallForm.CHAT, place);
            case CLAUDE -> conversation(row, ChatExports.claude(row), row.path("model").asText(""),
                    row.path("created_at"), CallForm.MESSAGES, place);
            case LITELLM -> liteLlm(row, place);
            case LANGFUSE -> langfuse(row, place);
            case OPENAI_STORED -> {
                ObjectNode request = row.deepCopy();
                if (row.has("input")) {
                    request.set("messages", row.get("input"));
                }
                yield new CapturedCall(row.path("id").asText(place), moment(row.path("created")),
                        Optional.of(CallForm.CHAT), 200, CallEnd.WHOLE, -1, texts(row.path("metadata")), request, row,
                        List.of(), place);
            }
            case CALL -> new CapturedCall(row.path("id").asText(place), moment(row.path("created")),
                    Optional.of(formOf(row.get("request"))), row.path("status").asInt(200), CallEnd.WHOLE,
                    row.path("latency_ms").asLong(-1), texts(row.path("metadata")), row.get("request"),
                    row.get("response"), List.of(), place);
        };
    }

    private static CallForm formOf(JsonNode request) {
        return request.has("input") ? CallForm.RESPONSES
                : request.has("prompt") && !request.has("messages") ? CallForm.COMPLETION : CallForm.CHAT;
    }

    private static CapturedCall batch(ObjectNode row, Map<String, JsonNode> asked, String place) {
        JsonNode request = asked.getOrDefault(row.path("custom_id").asText(""), MissingNode.getInstance());
        return new CapturedCall(row.path("custom_id").asText(), moment(row.path("response").path("body")
                .path("created")), Optional.of(formOf(request)), row.path("response").path("status_code").asInt(500),
                CallEnd.WHOLE, -1, Map.of("custom_id", row.path("custom_id").asText()), request,
                row.path("response").path("body"), List.of(), place);
    }

    /// All turns up to the last of the assistant are one call.
    private static CapturedCall conversation(ObjectNode row, ArrayNode turns, String model, JsonNode at, CallForm form,
            String place) {
        int last = turns.size() - 1;
        while (last >= 0 && !turns.get(last).path("role").asText().equals("assistant")) {
            last--;
        }
        ObjectNode request = Json.mapper().createObjectNode().put("model", model);
        ArrayNode before = request.putArray("messages");
        for (int i = 0; i < last; i++) {
            before.add(turns.get(i));
        }
        ObjectNode answer = Json.mapper().createObjectNode();
        if (last >= 0 && form == CallForm.CHAT) {
            answer.putArray("choices").addObject().set("message", turns.get(last));
        } else if (last >= 0) {
            answer.setAll((ObjectNode) turns.get(last));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        String title = row.path("title").asText(row.path("name").asText(""));
        if (!title.isEmpty()) {
            metadata.put("title", title);
        }
        String id = row.path("conversation_id").asText(row.path("id").asText(row.path("uuid").asText(place)));
        return new CapturedCall(id, moment(at), Optional.of(form), 200, CallEnd.WHOLE, -1, metadata, request, answer,
                List.of(), place);
    }

    private static CapturedCall liteLlm(ObjectNode row, String place) {
        JsonNode request = Json.mapper().createObjectNode().put("model", row.path("model").asText(""))
                .<ObjectNode>set("messages", inner(row.path("messages")))
                .set("tools", row.path("model_parameters").path("tools"));
        Map<String, String> metadata = texts(row.path("metadata"));
        row.path("request_tags").forEach(tag -> metadata.put("tag:" + tag.asText(), "true"));
        if (row.hasNonNull("end_user") && !row.path("end_user").asText().isEmpty()) {
            metadata.put("user", row.path("end_user").asText());
        }
        String kind = row.path("call_type").asText("");
        Optional<CallForm> form = kind.endsWith("text_completion") ? Optional.of(CallForm.COMPLETION)
                : kind.endsWith("completion") ? Optional.of(CallForm.CHAT) : Optional.empty();
        double ms = (row.path("endTime").asDouble(0) - row.path("startTime").asDouble(0)) * 1000;
        return new CapturedCall(row.path("id").asText(row.path("request_id").asText(place)),
                moment(row.path("startTime")), form, row.path("status").asText("success").equals("success") ? 200 : 500,
                CallEnd.WHOLE, ms > 0 ? Math.round(ms) : -1, metadata, request, inner(row.path("response")), List.of(),
                place);
    }

    private static CapturedCall langfuse(ObjectNode row, String place) {
        JsonNode input = inner(row.path("input"));
        JsonNode output = inner(row.path("output"));
        ObjectNode request = Json.mapper().createObjectNode();
        request.put("model", first(row, "model", "providedModelName", "provided_model_name").asText(""));
        if (input.isTextual()) {
            request.putArray("messages").addObject().put("role", "user").set("content", input);
        } else {
            request.set("messages", input.isArray() ? input : input.path("messages"));
            request.set("tools", input.path("tools"));
        }
        ObjectNode answer = Json.mapper().createObjectNode();
        JsonNode said = output.isTextual() ? Json.mapper().createObjectNode().put("role", "assistant")
                .set("content", output) : output.isArray() && !output.isEmpty() ? output.get(0) : output;
        if (said.path("choices").isArray()) {
            answer.setAll((ObjectNode) said);
        } else if (said.isObject()) {
            answer.putArray("choices").addObject().set("message", said);
        }
        JsonNode usage = first(row, "usageDetails", "usage_details", "usage");
        if (usage.isObject()) {
            answer.set("usage", usage);
        }
        Map<String, String> metadata = texts(inner(row.path("metadata")));
        for (String name : List.of("userId", "user_id", "sessionId", "session_id", "traceName", "trace_name",
                "environment")) {
            if (row.path(name).isTextual()) {
                metadata.put(name, row.get(name).textValue());
            }
        }
        boolean generation = row.path("type").asText("GENERATION").equals("GENERATION");
        JsonNode latency = row.path("latency");
        return new CapturedCall(row.path("id").asText(place), moment(first(row, "startTime", "start_time")),
                generation ? Optional.of(CallForm.CHAT) : Optional.empty(),
                row.path("level").asText("DEFAULT").equals("ERROR") ? 500 : 200, CallEnd.WHOLE,
                latency.isNumber() ? Math.round(latency.doubleValue() * 1000) : -1, metadata, request, answer,
                List.of(), place);
    }

    private static JsonNode first(JsonNode row, String... names) {
        for (String name : names) {
            if (row.hasNonNull(name)) {
                return row.get(name);
            }
        }
        return MissingNode.getInstance();
    }

    /// JSON as text, as tables export it.
    private static JsonNode inner(JsonNode value) {
        String text = value.isTextual() ? value.textValue().strip() : "";
        JsonNode read = text.startsWith("{") || text.startsWith("[") ? CallStream.json(text)
                : MissingNode.getInstance();
        return read.isMissingNode() ? value : read;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> all = new LinkedHashMap<>();
        object.properties().stream().filter(one -> one.getValue().isValueNode() && !one.getValue().isNull())
                .forEach(one -> all.put(one.getKey(), one.getValue().asText()));
        return all;
    }

    /// Seconds since 1970, or ISO 8601 with a `T` or a blank, in UTC where no zone is named.
    private static Optional<Instant> moment(JsonNode value) {
        if (value.isNumber()) {
            return Optional.of(Instant.ofEpochMilli(Math.round(value.doubleValue() * 1000)));
        }
        String text = value.asText("").strip().replace(' ', 'T');
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException no) {
            return Optional.empty();
        }
    }
}
