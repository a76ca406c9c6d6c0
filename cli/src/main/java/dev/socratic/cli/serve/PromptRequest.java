package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.ModelCard;
import java.util.List;
import java.util.Locale;

/// A checked request to say what is expected at every position of given tokens.
///
/// @param rows  token ids
/// @param k     how many of the likeliest at each, [DistributionModel#ALL] for all
record PromptRequest(List<int[]> rows, int k) {
    /// Numbers of an answer: some 250 MB of JSON.
    static final long MOST_NUMBERS = 1L << 22;
    private static final String WHY =
            "with prompt_logprobs this address says what the model expects in a prompt and writes nothing; for "
                    + "text leave prompt_logprobs out";

    /// @param vocabulary of the model
    /// @throws ApiFailure naming the field that is wrong
    static PromptRequest read(RequestFields fields, ModelCard card, int vocabulary) {
        refuseUnsupported(fields);
        JsonNode k = fields.raw("prompt_logprobs");
        if (!k.isIntegralNumber() || !k.canConvertToInt() || k.asInt() < DistributionModel.ALL || k.asInt() == 0) {
            throw fields.wrong("prompt_logprobs",
                    "how many tokens at each position, at least 1, or -1 for all; got %s; %s".formatted(
                            RequestFields.said(k),
                            WHY));
        }
        List<int[]> rows = PromptRows.ids("prompt", fields.raw("prompt"), 2, PromptRows.most(card), vocabulary);
        long tokens = rows.stream().mapToLong(row -> row.length).sum();
        int width = k.asInt() == DistributionModel.ALL ? vocabulary : Math.min(k.asInt(), vocabulary);
        if (tokens * width > MOST_NUMBERS) {
            throw fields.wrong("prompt_logprobs", String.format(Locale.ROOT,
                    "at most %,d numbers in an answer; got %,d tokens times %,d; send fewer tokens at once or "
                            + "ask for fewer",
                    MOST_NUMBERS, tokens, width));
        }
        fields.close();
        return new PromptRequest(rows, k.asInt());
    }

    private static void refuseUnsupported(RequestFields fields) {
        fields.only("max_tokens", "0 or 1 expected; " + WHY, value -> AnswerFields.number(value, 0)
                || AnswerFields.number(value, 1));
        for (String field : List.of("stream", "echo")) {
            fields.only(field, WHY + "; leave the field out or give false", value -> value.isBoolean()
                    && !value.asBoolean());
        }
        for (String field : List.of("n", "best_of")) {
            fields.only(field, "1 expected; " + WHY, value -> AnswerFields.number(value, 1));
        }
        for (String field : List.of("logprobs", "suffix", "logit_bias", "stop", "stream_options")) {
            fields.only(field, WHY + "; leave the field out, log probabilities of a prompt are prompt_logprobs",
                    value -> value.isEmpty() && value.isContainerNode());
        }
        // How a token would be drawn, if one were: others that speak prompt_logprobs must draw one.
        fields.ignorable(List.of("temperature", "top_p", "top_k", "min_p", "seed", "user",
                "return_tokens_as_token_ids", "add_special_tokens", "skip_special_tokens"));
    }
}
