package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// The body of `POST /v1/embeddings`, checked.
///
/// @param input  texts, or rows of token ids
/// @param base64 whether vectors are sent as float32 in Base64, as official clients ask for, instead of as numbers
record EmbeddingRequest(Input input, boolean base64) {
    /// Texts or tokens of one request.
    private static final int MOST_INPUTS = 2_048;
    private static final String INPUT = "input";

    /// What vectors are made of.
    sealed interface Input {
        record Texts(List<String> texts) implements Input {}

        /// Tokens as they are: whoever sends them has put around them what the model wants there.
        record Tokens(List<int[]> rows) implements Input {}
    }

    /// @throws ApiFailure naming the field that is wrong
    static EmbeddingRequest read(RequestFields fields, Desk.Embeds desk) {
        String format = fields.text("encoding_format").orElse("float");
        if (!List.of("float", "base64").contains(format)) {
            throw fields.wrong("encoding_format", "'float' or 'base64' expected; got '%s'".formatted(format));
        }
        int width = desk.model().width();
        fields.only("dimensions", "this model makes vectors of %s numbers and no others; leave the field out"
                .formatted(width), value -> AnswerFields.number(value, width));
        fields.ignorable(List.of("user"));
        EmbeddingRequest request = new EmbeddingRequest(input(fields, desk), format.equals("base64"));
        fields.close();
        return request;
    }

    private static Input input(RequestFields fields, Desk.Embeds desk) {
        JsonNode input = fields.raw(INPUT);
        boolean texts = input.isTextual() || input.isArray() && input.path(0).isTextual();
        if (!texts && (!input.isArray() || input.isEmpty())) {
            throw fields.wrong(INPUT, "a text, a list of texts, or tokens expected; got " + RequestFields.said(input));
        }
        int count = input.isTextual() || input.path(0).isInt() ? 1 : input.size();
        if (count > MOST_INPUTS) {
            throw fields.wrong(INPUT, "at most %s texts in a request; got %s; send them in several requests"
                    .formatted(MOST_INPUTS, count));
        }
        if (!texts) {
            return new Input.Tokens(PromptRows.ids(INPUT, input, 1, desk.model().maxTokens(),
                    desk.model().vocabulary()));
        }
        return new Input.Texts(input.isTextual() ? List.of(input.asText()) : input.valueStream().map(one -> {
            if (!one.isTextual()) {
                throw fields.wrong(INPUT, "texts, as the first one, expected; got " + RequestFields.said(one));
            }
            return one.asText();
        }).toList());
    }
}
