package dev.socratic.cli.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.socratic.core.error.FirstLine;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;

/// What the bodies of all requests have in common: a JSON object, of which nothing is passed over.
final class RequestJson {
    /// Names, values and brackets of one body: what is made of them takes many times their room.
    private static final long MOST_PARTS = 1_000_000;
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(MOST_PARTS).build())
            .build()).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private RequestJson() {}

    /// A page of another origin can send text and forms without asking; JSON it cannot.
    ///
    /// @throws ApiFailure 415
    static void requireType(ServedRequest exchange) {
        String type = exchange.header(HttpHeader.CONTENT_TYPE).toLowerCase(Locale.ROOT).replace(" ", "")
                .replace("\"", "");
        if (!type.matches("application/(json|[a-z.-]+\\+json)(;charset=utf-8)?")) {
            throw ApiFailure.refused(415, "unsupported_media_type",
                    "Content-Type: application/json in UTF-8 expected; got %s; send that header"
                    .formatted(type.isEmpty() ? "nothing" : "'" + exchange.header(HttpHeader.CONTENT_TYPE) + "'"));
        }
        String encoding = exchange.header(HttpHeader.CONTENT_ENCODING);
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            throw ApiFailure.refused(415, "unsupported_media_type",
                    "Content-Encoding: none expected; got '%s'; send the body as it is".formatted(encoding));
        }
    }

    /// @param wanted the fields it must have, for the message
    /// @throws ApiFailure if it is no JSON object
    static RequestFields object(String body, String wanted) {
        JsonNode json;
        try {
            json = MAPPER.readTree(body);
        } catch (JsonProcessingException broken) {
            throw ApiFailure.invalid("", "the body is not JSON: "
                    + FirstLine.of(broken.getOriginalMessage()));
        }
        if (json == null || !json.isObject()) {
            throw ApiFailure.invalid("", "the body must be a JSON object with " + wanted);
        }
        return new RequestFields("", json);
    }
}
