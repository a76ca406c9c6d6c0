package dev.socratic.generator.teacher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.GenerationParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// How a request's body differs from what OpenAI's own endpoint takes. Providers differ by data, not by code.
///
/// @param omit   fields that are not sent
/// @param rename fields that are sent under another name
/// @param extra  further fields of the body
public record RequestShape(List<String> omit, Map<String, String> rename, Map<String, Object> extra) {
    /// The most new tokens, as every request of ours says them.
    public static final String MAX_TOKENS = "max_tokens";

    /// Names under which servers want them.
    public static final List<String> MAX_TOKENS_NAMES = List.of(MAX_TOKENS, "max_completion_tokens",
            "max_output_tokens");

    /// What an answer has to be: the one of these that no request can do without.
    private static final String RESPONSE_FORMAT = GenerationParameters.RESPONSE_FORMAT;
    /// Sent where `sampling` has them.
    private static final Set<String> SOMETIMES = new TreeSet<>(List.of("top_k", "min_p", "typical_p",
            "repetition_penalty", "presence_penalty", "frequency_penalty", "logit_bias", "min_tokens",
            "stop_token_ids", RESPONSE_FORMAT));
    private static final Set<String> FIELDS = fields();
    private static final Set<String> OURS = Set.of("messages", "model", "stream", "n");

    public RequestShape {
        omit = List.copyOf(new TreeSet<>(omit));
        rename = Map.copyOf(rename);
        omit.forEach(name -> checkField("omit", name));
        for (Map.Entry<String, String> entry : rename.entrySet()) {
            checkField("rename", entry.getKey());
            if (entry.getValue().isBlank() || omit.contains(entry.getKey())) {
                throw new IllegalArgumentException(
                        "rename: another name for each field that is sent; got '%s' for '%s'; choose omit or rename"
                                .formatted(entry.getValue(), entry.getKey()));
            }
        }
        for (String name : extra.keySet()) {
            checkExtra(name, omit, rename);
        }
    }

    private static Set<String> fields() {
        Set<String> fields = new TreeSet<>(SOMETIMES);
        fields.addAll(List.of("model", "temperature", "top_p", MAX_TOKENS, "stop", "seed", "stream"));
        return fields;
    }

    private static void checkField(String key, String name) {
        if (!FIELDS.contains(name)) {
            throw new IllegalArgumentException(
                    "%s: fields that are sent (%s); got '%s'; what is not sent need not be left out"
                            .formatted(key, String.join(", ", FIELDS), name));
        }
    }

    private static void checkExtra(String name, List<String> omit, Map<String, String> rename) {
        if (name.equals("n")) {
            throw new IllegalArgumentException("extra_body: no 'n', for each answer has a row of its own; got it; write"
                    + " samples: N, and n: N beside extra_body to ask for several in one request");
        }
        if (MAX_TOKENS_NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    ("extra_body: fields of the endpoint's own; got '%s'; write sampling.max_tokens,"
                    + " which the budget counts with, and rename: {max_tokens: NAME} for another name")
                    .formatted(name));
        }
        boolean sent = FIELDS.contains(name) && !SOMETIMES.contains(name) && !omit.contains(name)
                && !rename.containsKey(name);
        if (OURS.contains(name) || sent || rename.containsValue(name)) {
            throw new IllegalArgumentException(
                    "extra_body: fields that are not sent anyway; got '%s'; %s".formatted(
                            name, OURS.contains(name) ? "leave it out" : "write it under sampling, or add it to "
                                    + "omit as well"));
        }
    }

    /// Makes a body of ours one of the endpoint's.
    public void apply(ObjectNode body) {
        body.remove(omit);
        rename.forEach((name, other) -> {
            JsonNode value = body.remove(name);
            if (value != null) { // Jackson's word for "not there"
                body.set(other, value);
            }
        });
        extra.forEach((name, value) -> body.set(name, Json.tree(value)));
    }

    /// @return whether bodies stay as they are
    public boolean plain() {
        return omit.isEmpty() && rename.isEmpty() && extra.isEmpty();
    }

    /// @return fields of the body that are ours to leave out, where the endpoint refuses them
    public boolean mayLeaveOut(String name) {
        boolean needed = OURS.contains(name) || name.equals(RESPONSE_FORMAT);
        return !needed && !extra.containsKey(name) || name.equals("stream") || name.equals("n");
    }

    /// @return what makes a request another one, as JSON; only what differs from the plain form
    public ObjectNode json() {
        ObjectNode all = (ObjectNode) ConfigWriter.tree(this);
        List<String> empty = new ArrayList<>();
        all.properties().forEach(entry -> {
            if (entry.getValue().isNull() || entry.getValue().isContainerNode() && entry.getValue().isEmpty()) {
                empty.add(entry.getKey());
            }
        });
        return all.remove(empty);
    }

    /// Names in the order of the alphabet.
    public static Map<String, String> sorted(Map<String, String> map) {
        return new TreeMap<>(map);
    }
}
