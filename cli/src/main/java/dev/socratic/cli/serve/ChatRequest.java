package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/// The body of `POST /v1/chat/completions`, checked.
///
/// @param model    as asked for; empty if the client named none
/// @param choices  how many answers (`n`)
/// @param sampling of the first answer; the others differ in the seed only
/// @param usage    whether a stream ends with the token counts
record ChatRequest(
        Optional<String> model, List<ChatMessage> messages, int choices, Sampling sampling, boolean stream, boolean usage) {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final int MOST_CHOICES = 128;
    private static final int MOST_STOPS = 16;

    /// What a client that gives no limit gets, where the context allows it.
    private static final int DEFAULT_TOKENS = 2_048;

    /// @param seeds gives the seed of a request that has none
    /// @throws ApiFailure naming the field that is wrong
    static ChatRequest read(String body, ModelCard card, LongSupplier seeds) {
        JsonNode json = RequestJson.object(body, "'messages'");
        refuseUnsupported(json);
        int choices = integer(json, "n", 1, 1, MOST_CHOICES);
        return new ChatRequest(
                RequestJson.model(json),
                messages(json.path("messages")),
                choices,
                sampling(json, card, seeds),
                flag(json, "stream"),
                flag(json.path("stream_options"), "include_usage"));
    }

    /// One request per answer; ids are the numbers of the choices.
    List<GenerationRequest> requests() {
        return IntStream.range(0, choices)
                .mapToObj(choice -> new GenerationRequest(
                        String.valueOf(choice),
                        messages,
                        choice == 0 ? sampling : sampling.withSeed(Seeds.derive(sampling.seed(), "choice", String.valueOf(choice)))))
                .toList();
    }

    private static void refuseUnsupported(JsonNode json) {
        for (String field : List.of("tools", "functions")) {
            if (json.path(field).size() > 0) {
                throw ApiFailure.invalid(field, "this server calls no tools; leave the field out");
            }
        }
        for (String field : List.of("presence_penalty", "frequency_penalty")) {
            if (json.path(field).asDouble(0) != 0) {
                throw ApiFailure.invalid(field, "this server knows no penalties; leave the field out or give 0");
            }
        }
        if (json.path("logprobs").asBoolean(false) || json.path("logit_bias").size() > 0) {
            throw ApiFailure.invalid("logprobs", "this server gives no log probabilities and takes no logit_bias; leave both out");
        }
        String format = json.path("response_format").path("type").asText("text");
        if (!format.equals("text")) {
            throw ApiFailure.invalid("response_format", "this server writes 'text' only; got '%s'".formatted(format));
        }
    }

    private static List<ChatMessage> messages(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            throw ApiFailure.invalid("messages", "a list of at least one {\"role\", \"content\"} expected");
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String place = "messages[%s]".formatted(i);
            String role = list.get(i).path("role").asText();
            if (!ROLES.contains(role)) {
                throw ApiFailure.invalid(place + ".role", "one of system, user, assistant, tool expected; got '%s'".formatted(role));
            }
            messages.add(new ChatMessage(role.equals("developer") ? "system" : role, content(list.get(i).path("content"), place)));
        }
        return messages;
    }

    private static String content(JsonNode content, String place) {
        if (content.isTextual()) {
            return content.asText();
        }
        if (!content.isArray()) {
            throw ApiFailure.invalid(place + ".content", "a text expected; got " + (content.isMissingNode() ? "nothing" : content.toString()));
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asText().equals("text")) {
                throw ApiFailure.invalid(place + ".content", "this server reads parts of type 'text' only; got '%s'".formatted(part.path("type").asText()));
            }
            text.append(part.path("text").asText());
        }
        return text.toString();
    }

    private static Sampling sampling(JsonNode json, ModelCard card, LongSupplier seeds) {
        int most = card.contextTokens() > 0 ? card.contextTokens() : Integer.MAX_VALUE;
        String field = json.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        int tokens = integer(json, field, Math.min(DEFAULT_TOKENS, most), 1, most);
        double temperature = number(json, "temperature", 1);
        double topP = number(json, "top_p", 1);
        if (!(temperature >= 0 && temperature <= 100)) {
            throw ApiFailure.invalid("temperature", "a number from 0 (greedy) to 100 expected; got " + temperature);
        }
        if (!(topP > 0 && topP <= 1)) {
            throw ApiFailure.invalid("top_p", "a number above 0 and at most 1 expected; got " + topP);
        }
        JsonNode seed = json.path("seed");
        if (!seed.isMissingNode() && !seed.isNull() && !(seed.isIntegralNumber() && seed.canConvertToLong())) {
            throw ApiFailure.invalid("seed", "an integer expected; got " + seed);
        }
        return new Sampling(temperature, topP, tokens, seed.isNumber() ? seed.asLong() : seeds.getAsLong(), stops(json.path("stop")));
    }

    private static List<String> stops(JsonNode stop) {
        if (stop.isMissingNode() || stop.isNull()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        (stop.isArray() ? stop : JsonNodeFactory.instance.arrayNode().add(stop)).forEach(one -> texts.add(one.isTextual() ? one.asText() : ""));
        if (texts.contains("") || texts.size() > MOST_STOPS) {
            throw ApiFailure.invalid("stop",
                    "a text, or a list of at most %s, none empty, expected; got %s".formatted(MOST_STOPS, stop));
        }
        return texts;
    }

    private static boolean flag(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw ApiFailure.invalid(field, "true or false expected; got " + value);
        }
        return value.asBoolean(false);
    }

    private static int integer(JsonNode json, String field, int otherwise, int least, int most) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least || value.asInt() > most) {
            throw ApiFailure.invalid(field, "an integer from %s to %s expected; got %s".formatted(least, most, value));
        }
        return value.asInt();
    }

    private static double number(JsonNode json, String field, double otherwise) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw ApiFailure.invalid(field, "a number expected; got " + value);
        }
        return value.asDouble();
    }
}
