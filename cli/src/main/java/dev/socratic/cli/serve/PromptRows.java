package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.ModelCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The field `prompt` of a completion: one prompt or several, as text or as token ids.
final class PromptRows {
    /// Prompts of one request.
    static final int MOST_ROWS = 1_024;

    private PromptRows() {}

    /// @return whether prompts are texts
    static boolean texts(JsonNode prompt) {
        return prompt.isTextual() || prompt.isArray() && prompt.path(0).isTextual();
    }

    /// @throws ApiFailure if they are none, too many, or mixed with something else
    static List<String> text(JsonNode prompt) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : prompt.isTextual() ? List.of(prompt) : prompt) {
            if (!one.isTextual()) {
                throw ApiFailure.invalid("prompt[%s]".formatted(texts.size()),
                        "a text, as the first one, expected; got " + RequestFields.said(one));
            }
            texts.add(one.asText());
        }
        requireFew(texts.size());
        return texts;
    }

    /// @param field      where they stand
    /// @param least      tokens of a row
    /// @param most       tokens of a row
    /// @param vocabulary of the model
    /// @throws ApiFailure naming the row and the token
    static List<int[]> ids(String field, JsonNode prompt, int least, int most, int vocabulary) {
        if (!prompt.isArray() || prompt.isEmpty() || texts(prompt)) {
            throw ApiFailure.invalid(field,
                    ("a list of token ids, or a list of such lists; got %s; tokenize the text with the model's "
                            + "own tokenizer")
                    .formatted(RequestFields.said(prompt)));
        }
        if (!prompt.get(0).isArray()) {
            return List.of(row(field, prompt, least, most, vocabulary));
        }
        requireFew(prompt.size());
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i < prompt.size(); i++) {
            rows.add(row("%s[%s]".formatted(field, i), prompt.get(i), least, most, vocabulary));
        }
        return rows;
    }

    private static void requireFew(int rows) {
        if (rows > MOST_ROWS) {
            throw ApiFailure.invalid("prompt", String.format(Locale.ROOT,
                    "at most %,d prompts in a request; got %,d; send them in several requests",
                    MOST_ROWS, rows));
        }
    }

    private static int[] row(String place, JsonNode list, int least, int most, int vocabulary) {
        if (!list.isArray() || list.size() < least || list.size() > most) {
            String message = "a list of %s to %s token ids, as the model's context of %s allows; got %s".formatted(
                    least, most, most - 1, list.isArray() ? list.size() : RequestFields.said(list));
            throw list.size() > most ? ApiFailure.tooLong("prompt", place + ": " + message)
                    : ApiFailure.invalid(place, message);
        }
        int[] row = new int[list.size()];
        for (int i = 0; i < row.length; i++) {
            JsonNode id = list.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.asInt() < 0 || id.asInt() >= vocabulary) {
                throw ApiFailure.invalid("%s[%s]".formatted(place, i),
                        "a token id from 0 to %s; got %s".formatted(vocabulary - 1, RequestFields.said(id)));
            }
            row[i] = id.asInt();
        }
        return row;
    }

    /// @return the most tokens of a row of a prompt alone, of which the last is only predicted
    static int most(ModelCard card) {
        return card.contextTokens() + 1;
    }
}
