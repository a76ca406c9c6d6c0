package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.ModelCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A checked request to say what is expected at every position of given tokens.
///
/// @param model what the client calls the model, where it says
/// @param rows  token ids
/// @param k     how many of the likeliest at each, [DistributionModel#ALL] for all
record PromptRequest(Optional<String> model, List<int[]> rows, int k) {
    /// Numbers of an answer: some 250 MB of JSON.
    static final long MOST_NUMBERS = 1L << 22;
    private static final String CHAT = "this address says what the model expects in a prompt and writes nothing; for text ask /v1/chat/completions";

    /// @param vocabulary of the model
    /// @throws ApiFailure naming the field that is wrong
    static PromptRequest read(String body, ModelCard card, int vocabulary) {
        JsonNode json = RequestJson.object(body, "'prompt' and 'prompt_logprobs'");
        refuseUnsupported(json);
        JsonNode k = json.path("prompt_logprobs");
        if (!k.isIntegralNumber() || !k.canConvertToInt() || k.asInt() < DistributionModel.ALL || k.asInt() == 0) {
            throw ApiFailure.invalid("prompt_logprobs", "how many tokens at each position, at least 1, or -1 for all; got %s; %s".formatted(said(k), CHAT));
        }
        List<int[]> rows = rows(json.path("prompt"), card.contextTokens(), vocabulary);
        long tokens = rows.stream().mapToLong(row -> row.length).sum();
        int width = k.asInt() == DistributionModel.ALL ? vocabulary : Math.min(k.asInt(), vocabulary);
        if (tokens * width > MOST_NUMBERS) {
            throw ApiFailure.invalid("prompt_logprobs",
                    String.format(Locale.ROOT,
                    "at most %,d numbers in an answer; got %,d tokens times %,d; send fewer tokens at once or "
                            + "ask for fewer",
                    MOST_NUMBERS, tokens, width));
        }
        return new PromptRequest(RequestJson.model(json), rows, k.asInt());
    }

    private static void refuseUnsupported(JsonNode json) {
        JsonNode most = json.path("max_tokens");
        if (!absent(most) && !(most.isIntegralNumber() && (most.asInt() == 0 || most.asInt() == 1))) {
            throw ApiFailure.invalid("max_tokens", "0 or 1; got %s; %s".formatted(most, CHAT));
        }
        for (String field : List.of("stream", "echo")) {
            if (json.path(field).asBoolean(false)) {
                throw ApiFailure.invalid(field, CHAT + "; leave the field out or give false");
            }
        }
        for (String field : List.of("n", "best_of")) {
            if (!absent(json.path(field)) && json.path(field).asInt(0) != 1) {
                throw ApiFailure.invalid(field, "1; got %s; %s".formatted(json.path(field), CHAT));
            }
        }
        for (String field : List.of("logprobs", "suffix", "logit_bias")) {
            if (!absent(json.path(field))) {
                throw ApiFailure.invalid(field, CHAT + "; leave the field out, log probabilities of a prompt are prompt_logprobs");
            }
        }
    }

    private static List<int[]> rows(JsonNode prompt, int context, int vocabulary) {
        if (!prompt.isArray() || prompt.isEmpty() || prompt.get(0).isTextual()) {
            throw ApiFailure.invalid("prompt", "a list of token ids, or a list of such lists; got %s; tokenize the text with the model's own tokenizer".formatted(said(prompt)));
        }
        if (!prompt.get(0).isArray()) {
            return List.of(row("prompt", prompt, context, vocabulary));
        }
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i < prompt.size(); i++) {
            rows.add(row("prompt[%s]".formatted(i), prompt.get(i), context, vocabulary));
        }
        return rows;
    }

    private static int[] row(String place, JsonNode list, int context, int vocabulary) {
        if (!list.isArray() || list.size() < 2 || list.size() > context + 1) {
            throw ApiFailure.invalid(place,
                    "a list of 2 to %s token ids, the model's context and the token predicted last; got %s".formatted(
                    context + 1, list.isArray() ? "%s".formatted(list.size()) : said(list)));
        }
        int[] row = new int[list.size()];
        for (int i = 0; i < row.length; i++) {
            JsonNode id = list.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.asInt() < 0 || id.asInt() >= vocabulary) {
                throw ApiFailure.invalid("%s[%s]".formatted(place, i),
                        "a token id from 0 to %s; got %s".formatted(vocabulary - 1, said(id)));
            }
            row[i] = id.asInt();
        }
        return row;
    }

    private static boolean absent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String said(JsonNode value) {
        String text = value.toString();
        return value.isMissingNode() ? "nothing" : text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
