package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.socratic.core.error.Problem;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Limits;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// How an answer is drawn, as chats and completions say it alike, and what of other servers this one does not do.
final class AnswerFields {
    private static final int MOST_STOPS = 16;
    private static final int LONGEST_STOP = 1_000;
    private static final int MOST_BIASES = 1_024;
    private static final String BIAS = "logit_bias";

    private AnswerFields() {}

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
        try {
            return new GenerationParameters(sampling(fields), most, stops(fields), limits(fields, most), "",
                    Structure.read(fields));
        } catch (IllegalArgumentException refused) {
            Problem problem = Problem.refused("", refused);
            throw fields.wrong(problem.place(), problem.words());
        }
    }

    /// @param seeds gives the seed of a request that has none
    static long seed(RequestFields fields, LongSupplier seeds) {
        return fields.integer("seed").orElseGet(seeds);
    }

    private static Sampling sampling(RequestFields fields) {
        Penalties penalties = new Penalties(fields.number("repetition_penalty").orElse(1),
                fields.number("presence_penalty").orElse(0), fields.number("frequency_penalty").orElse(0));
        return new Sampling(fields.number("temperature").orElse(1), fields.number("top_p").orElse(1),
                Math.clamp(fields.integer("top_k").orElse(0), Integer.MIN_VALUE, Integer.MAX_VALUE),
                fields.number("min_p").orElse(0), fields.number("typical_p").orElse(1), penalties, bias(fields));
    }

    /// Ids are the names of JSON fields, so they are texts.
    private static Map<Integer, Double> bias(RequestFields fields) {
        Map<Integer, Double> bias = new TreeMap<>();
        fields.object(BIAS).ifPresent(given -> given.forEach((token, value) -> {
            if (!token.matches("[0-9]{1,9}") || !value.isNumber()) {
                throw fields.wrong(BIAS, "token ids with a number each, such as {\"42\": -100}, expected; got '%s': %s"
                        .formatted(token, RequestFields.said(value)));
            }
            bias.put(Integer.valueOf(token), value.asDouble());
        }));
        if (bias.size() > MOST_BIASES) {
            throw fields.wrong(BIAS, "at most %s tokens expected; got %s; name fewer".formatted(MOST_BIASES,
                    bias.size()));
        }
        return bias;
    }

    /// `ignore_eos` is a `min_tokens` of all of them: the tokens that end an answer do not come at all.
    private static Limits limits(RequestFields fields, int most) {
        int least = fields.integer("min_tokens", 0, Integer.MAX_VALUE).orElse(0);
        List<Long> ids = new ArrayList<>();
        fields.value("stop_token_ids").ifPresent(stop -> stop.forEach(id -> ids.add(id.canConvertToLong()
                && id.isIntegralNumber() ? id.asLong() : -1)));
        if (ids.contains(-1L) || ids.size() > MOST_STOPS || fields.value("stop_token_ids")
                .filter(stop -> !stop.isArray()).isPresent()) {
            throw fields.wrong("stop_token_ids", "a list of at most %s token ids expected; got %s"
                    .formatted(MOST_STOPS, RequestFields.said(fields.raw("stop_token_ids"))));
        }
        boolean endless = fields.flag("ignore_eos", false);
        if (endless && (!ids.isEmpty() || fields.value("stop").isPresent())) {
            throw fields.wrong("ignore_eos", "false expected beside stop or stop_token_ids; got true; leave one out");
        }
        return new Limits(endless ? most : least, ids, Optional.empty());
    }

    private static void refuseUnsupported(RequestFields fields) {
        fields.only("length_penalty", "this server searches no beams; leave the field out or give 1", value ->
                number(value, 1));
        for (String field : List.of("use_beam_search", "early_stopping", "include_stop_str_in_output")) {
            fields.only(field, "this server does no such thing; leave the field out or give false", value ->
                    value.isBoolean() && !value.asBoolean());
        }
        fields.only("skip_special_tokens",
                "control tokens are never part of an answer here; leave the field out or give true", value ->
                        value.isBoolean() && value.asBoolean());
        fields.only("best_of", "every answer that is written is sent; leave the field out or give 1, and ask "
                + "for several with n", value -> number(value, 1));
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
