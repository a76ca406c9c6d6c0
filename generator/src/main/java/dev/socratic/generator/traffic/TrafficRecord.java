package dev.socratic.generator.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// One record of the journal of traffic: a line of JSON, then the body as it came, byte for byte but for keys.
sealed interface TrafficRecord {

    /// A call that is about to be passed on: `{"asked": id, "at", "path", "metadata"}`.
    ///
    /// @param path     below the version: `/chat/completions`
    /// @param metadata what the client said about it in headers
    record Asked(String id, Instant at, String path, Map<String, String> metadata, byte[] body)
            implements TrafficRecord {}

    /// The same call, over: `{"answered": id, "status", "end", "why"?, "first_ms", "ms", "bytes", "headers"}`.
    ///
    /// @param status  of the endpoint; 0 where it gave none
    /// @param why     in a few words, where it is not whole
    /// @param firstMs from the request to the first byte of the answer; -1 where none came
    /// @param ms      to the last
    /// @param passed  bytes that went on to the client
    /// @param headers of the answer that say something about it
    record Answered(String id, int status, CallEnd end, String why, long firstMs, long ms, long passed,
            Map<String, String> headers, byte[] body) implements TrafficRecord {}

    /// What a user said of an answer: `{"feedback": id, "at", "said"}`.
    ///
    /// @param id   of the call, or the one the endpoint gave its answer
    /// @param said `score`, `label`, `comment` and whatever else was sent
    record Rated(String id, Instant at, JsonNode said) implements TrafficRecord {}

    default byte[] encoded() {
        ObjectNode head = Json.mapper().createObjectNode();
        byte[] body = switch (this) {
            case Asked asked -> {
                head.put("asked", asked.id()).put("at", asked.at().toString()).put("path", asked.path());
                head.set("metadata", Json.tree(asked.metadata()));
                yield asked.body();
            }
            case Answered answered -> {
                head.put("answered", answered.id()).put("status", answered.status())
                        .put("end", answered.end().name().toLowerCase(Locale.ROOT));
                if (!answered.why().isEmpty()) {
                    head.put("why", answered.why());
                }
                head.put("first_ms", answered.firstMs()).put("ms", answered.ms()).put("bytes", answered.passed());
                head.set("headers", Json.tree(answered.headers()));
                yield answered.body();
            }
            case Rated rated -> {
                head.put("feedback", rated.id()).put("at", rated.at().toString()).set("said", rated.said());
                yield new byte[0];
            }
        };
        byte[] line = (Json.line(head) + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[line.length + body.length];
        System.arraycopy(line, 0, all, 0, line.length);
        System.arraycopy(body, 0, all, line.length, body.length);
        return all;
    }

    /// @param place what to call the record in a message
    /// @throws DataException if the record is whole but not ours
    static TrafficRecord read(byte[] bytes, String place) {
        int line = 0;
        while (line < bytes.length && bytes[line] != '\n') {
            line++;
        }
        byte[] body = new byte[Math.max(0, bytes.length - line - 1)];
        System.arraycopy(bytes, bytes.length - body.length, body, 0, body.length);
        try {
            JsonNode head = Json.mapper().readTree(bytes, 0, line);
            if (head.has("asked")) {
                return new Asked(head.get("asked").textValue(), Instant.parse(head.required("at").textValue()),
                        head.required("path").textValue(), texts(head.path("metadata")), body);
            }
            if (head.has("answered")) {
                return new Answered(head.get("answered").textValue(), head.required("status").intValue(),
                        CallEnd.valueOf(head.required("end").textValue().toUpperCase(Locale.ROOT)),
                        head.path("why").asText(""), head.required("first_ms").longValue(),
                        head.required("ms").longValue(), head.required("bytes").longValue(),
                        texts(head.path("headers")), body);
            }
            return new Rated(head.required("feedback").textValue(), Instant.parse(head.required("at").textValue()),
                    head.required("said"));
        } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
            throw new DataException(place, "a record of this version's traffic", "another",
                    "read it with the version that wrote it", e);
        }
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> all = new LinkedHashMap<>();
        object.properties().forEach(field -> all.put(field.getKey(), field.getValue().asText()));
        return all;
    }
}
