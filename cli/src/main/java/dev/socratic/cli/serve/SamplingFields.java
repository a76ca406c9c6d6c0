package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.socratic.core.error.Problem;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/// How an answer is drawn, as chats and completions say it alike, and what of other servers this one does not do.
final class SamplingFields {
    private static final int MOST_STOPS = 16;
    private static final int LONGEST_STOP = 1_000;

    private SamplingFields() {}

    /// @param otherwise tokens of a client that gives no limit, where the context allows it
    static GenerationParameters read(RequestFields fields, ModelCard card, int otherwise) {
        refuseUnsupported(fields);
        int context = card.contextTokens() > 0 ? card.contextTokens() : Integer.MAX_VALUE;
        OptionalInt named = fields.integer("max_completion_tokens", 1, context);
        OptionalInt old = fields.integer("max_tokens", 1, context);
        if (named.isPresent() && old.isPresent() && named.getAsInt() != old.getAsInt()) {
            throw fields.wrong("max_tokens",
                    "the same as max_completion_tokens, %s, expected; got %s; leave one of the two out"
                    .formatted(named.getAsInt(), old.getAsInt()));
        }
        int most = named.isPresent() ? named.getAsInt() : old.orElse(Math.min(otherwise, context));
        return new GenerationParameters(sampling(fields), most, stops(fields));
    }

    /// @param seeds gives the seed of a request that has none
    static long seed(RequestFields fields, LongSupplier seeds) {
        return fields.integer("seed").orElseGet(seeds);
    }

    private static Sampling sampling(RequestFields fields) {
        double temperature = fields.number("temperature").orElse(1);
        double topP = fields.number("top_p").orElse(1);
        int topK = Math.clamp(fields.integer("top_k").orElse(0), Integer.MIN_VALUE, Integer.MAX_VALUE);
        double minP = fields.number("min_p").orElse(0);
        try {
            return new Sampling(temperature, topP, topK, minP);
        } catch (IllegalArgumentException refused) {
            Problem problem = Problem.refused("", refused);
            throw fields.wrong(problem.place(), problem.words());
        }
    }

    private static void refuseUnsupported(RequestFields fields) {
        for (String field : List.of("presence_penalty", "frequency_penalty")) {
            fields.only(field, "this server knows no penalties; leave the field out or give 0", value ->
                    number(value, 0));
        }
        for (String field : List.of("repetition_penalty", "length_penalty")) {
            fields.only(field, "this server knows no penalties; leave the field out or give 1", value ->
                    number(value, 1));
        }
        for (String field : List.of("ignore_eos", "use_beam_search", "early_stopping", "include_stop_str_in_output")) {
            fields.only(field, "this server does no such thing; leave the field out or give false", value ->
                    value.isBoolean() && !value.asBoolean());
        }
        fields.only("skip_special_tokens",
                "control tokens are never part of an answer here; leave the field out or give true", value ->
                        value.isBoolean() && value.asBoolean());
        fields.only("min_tokens", "an answer ends where the model ends it; leave the field out or give 0", value ->
                number(value, 0));
        fields.only("best_of", "every answer that is written is sent; leave the field out or give 1, and ask "
                + "for several with n", value -> number(value, 1));
        fields.only("logit_bias", "this server changes no logits; leave the field out", value -> value.isObject()
                && value.isEmpty());
        fields.only("stop_token_ids", "texts end an answer here; write them in stop", value -> value.isArray()
                && value.isEmpty());
        fields.only("service_tier", "there is one service only; leave the field out or give 'auto'", value ->
                List.of("auto", "default").contains(value.asText()));
        fields.only("store", "this server keeps nothing; leave the field out or give false", value -> value.isBoolean()
                && !value.asBoolean());
        fields.ignorable(List.of("user", "metadata", "safety_identifier", "prompt_cache_key"));
    }

    /// @return whether it is this very number
    static boolean number(JsonNode value, double wanted) {
        return value.isNumber() && value.asDouble() == wanted;
    }

    private static List<String> stops(RequestFields fields) {
        List<String> texts = new ArrayList<>();
        fields.value("stop").ifPresent(stop -> {
            (stop.isArray() ? stop : JsonNodeFactory.instance.arrayNode().add(stop))
                    .forEach(one -> texts.add(one.isTextual() ? one.asText() : ""));
            if (texts.contains("") || texts.size() > MOST_STOPS
                    || texts.stream().anyMatch(text -> text.length() > LONGEST_STOP)) {
                throw fields.wrong("stop",
                        "a text, or a list of at most %s, none empty or longer than %s characters, expected; got %s"
                        .formatted(MOST_STOPS, LONGEST_STOP, RequestFields.said(stop)));
            }
        });
        return texts;
    }
}
