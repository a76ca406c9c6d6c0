package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.generator.teacher.RequestShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/// Fields an endpoint has refused: left out of every further request of the run, or sent under the name it wants.
/// Believed once a request without them was answered, and told once. Safe to call from any thread.
final class Adjustments {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final RequestShape shape;
    private final Notes notes;
    private final Map<String, RefusedField> known = new TreeMap<>();

    Adjustments(RequestShape shape, Notes notes) {
        this.shape = shape;
        this.notes = notes;
    }

    /// @return what is known now, for one request
    synchronized List<RefusedField> known() {
        return new ArrayList<>(known.values());
    }

    /// @return the field it refuses, where the request can do without
    Optional<RefusedField> refused(ServerError error, Request request) throws IOException {
        List<String> sent = new ArrayList<>();
        body(request).fieldNames().forEachRemaining(name -> {
            if (shape.mayLeaveOut(name)) {
                sent.add(name);
            }
        });
        return RefusedField.in(error, sent);
    }

    /// @return the request with the fields left out or renamed
    static Request apply(List<RefusedField> fields, Request request) throws IOException {
        if (fields.isEmpty() || !request.method().equals("POST")) {
            return request;
        }
        ObjectNode body = body(request);
        for (RefusedField field : fields) {
            Optional.ofNullable(body.remove(field.name())).ifPresent(value -> field.replacement().ifPresent(name ->
                    body.set(name, value)));
        }
        return request.newBuilder().post(RequestBody.create(body.toString(), JSON)).build();
    }

    private static ObjectNode body(Request request) throws JsonProcessingException, IOException {
        return Json.mapper().readTree(RequestBodies.text(request)) instanceof ObjectNode body
                ? body : Json.mapper().createObjectNode();
    }

    /// An answer came without them.
    void confirm(List<RefusedField> fields) {
        for (RefusedField field : fields) {
            if (learn(field)) {
                notes.say(field.replacement()
                        .map(name -> "the endpoint takes no '%s' but '%s', which is sent from now on"
                        .formatted(field.name(), name))
                        .orElse("the endpoint takes no '%s': it is left out from now on".formatted(field.name())));
            }
        }
    }

    private synchronized boolean learn(RefusedField field) {
        return known.putIfAbsent(field.name(), field) == null;
    }

    /// @return for the manifest: `seed`, `max_tokens -> max_completion_tokens`
    synchronized List<String> told() {
        return known.values().stream().map(f -> f.name() + f.replacement().map(name -> " -> "
                + name).orElse("")).toList();
    }
}
