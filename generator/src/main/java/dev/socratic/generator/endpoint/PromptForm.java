package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.secret.Secrets;
import dev.socratic.core.text.TokenEstimate;
import java.io.IOException;
import java.util.Optional;

/// `POST /completions` with token ids and `prompt_logprobs`, and `GET /models` on the same wire. Bodies are walked,
/// never held as a tree.
final class PromptForm implements RequestKind {
    /// Numbers that are none are read, so that the message can name them. Names are token ids, of which there are too
    /// many to keep a table.
    static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    @Override
    public TokenEstimate estimate(String request) {
        try {
            JsonNode json = Json.mapper().readTree(request);
            long tokens = 0;
            for (JsonNode row : json.path("prompt")) {
                tokens += row.size();
            }
            return new TokenEstimate(tokens, json.path("max_tokens").asLong(0) * json.path("prompt").size());
        } catch (JsonProcessingException e) {
            return new TokenEstimate(TokenEstimate.ofText(request), 0);
        }
    }

    /// Nothing is taken out of it: it is read for numbers, and no token is as long as a key.
    @Override
    public Read read(String response, Secrets secrets) throws NoAnswerException {
        boolean answer = false;
        Optional<Long> read = Optional.empty();
        Optional<Long> written = Optional.empty();
        try (JsonParser json = JSON.createParser(response)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new NoAnswerException("the body is no JSON object: " + ServerWords.of(response));
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("usage") && value == JsonToken.START_OBJECT) {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String name = json.currentName();
                        if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && json.getLongValue() >= 0) {
                            read = name.equals("prompt_tokens") ? Optional.of(json.getLongValue()) : read;
                            written = name.equals("completion_tokens") ? Optional.of(json.getLongValue()) : written;
                        }
                        json.skipChildren();
                    }
                } else {
                    answer |= value == JsonToken.START_ARRAY && (field.equals("choices") || field.equals("data"));
                    json.skipChildren();
                }
            }
        } catch (NoAnswerException none) {
            throw none;
        } catch (IOException e) {
            throw new NoAnswerException("the body is no complete JSON: " + ServerWords.of(response));
        }
        if (!answer) {
            throw new NoAnswerException("the body has no choices: " + ServerWords.of(response));
        }
        return new Read(new Counted(read, written), response);
    }

    @Override
    public long longest() {
        return 256L << 20;
    }
}
