package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.secret.Secrets;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;

/// Reads the body to its end, so that half a body is found out here and not in the middle of parsing, and refuses a
/// 200 that is no answer. An error that came with 200 goes on with the status it names.
///
/// The read time-out of OkHttp bounds the silence between two bytes; the check here bounds the whole body, so that a
/// server that drips one byte a minute is given up too. What comes out is a response whose body is in memory, in the
/// one form that is kept and read, and in which no secret occurs.
final class WholeBodyInterceptor implements Interceptor {
    /// Marks an error that came with status 200.
    static final String INSIDE = "x-socratic-inside-200";

    private static final long CHUNK = 64L << 10;
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
    private static final int LONGEST_ERROR = 4 << 20; // characters
    private static final int OK = 200;
    private static final int FELL_OVER = 500;

    private final Secrets secrets;
    private final Duration timeout;
    private final Timekeeper time;
    private final RequestKind form;

    WholeBodyInterceptor(Secrets secrets, Duration timeout, Timekeeper time, RequestKind form) {
        this.secrets = secrets;
        this.timeout = timeout;
        this.time = time;
        this.form = form;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        EndpointCall exchange = MeterInterceptor.exchange(chain);
        long started = time.nanos();
        try (Response response = chain.proceed(chain.request())) {
            String type = response.header("Content-Type", "");
            ByteString bytes = read(response.body().source(), started, type);
            return response.isSuccessful() ? success(response, bytes, type, exchange) : failure(response, bytes,
                    type, exchange);
        }
    }

    private Response success(Response response, ByteString bytes, String type,
            EndpointCall exchange) throws NoAnswerException {
        String text = BodyText.strict(bytes, type);
        Optional<JsonNode> error = error(text);
        if (error.isPresent()) {
            Counted.in(text).ifPresent(exchange::counted);
            return with(response, status(error.get()), secrets.redact(text), Optional.of("yes"));
        }
        RequestKind.Read answer = exchange.wanted() > 1
                ? answer(text, body -> several(body, exchange)) : answer(text, body -> form.read(body, secrets));
        exchange.counted(answer.counted());
        return with(response, OK, answer.body(), Optional.empty());
    }

    /// How a body is read.
    private interface Reading {
        RequestKind.Read read(String body) throws NoAnswerException;
    }

    private RequestKind.Read several(String body, EndpointCall exchange) throws NoAnswerException {
        ChatAnswer.Several came = ChatAnswer.several(body);
        List<ChatAnswer> answers = came.answers().stream().map(one -> one.without(secrets)).toList();
        exchange.answered(new ChatAnswer.Several(came.choices(), answers));
        return new RequestKind.Read(answers.getFirst().counted(), answers.getFirst().strict());
    }

    /// What it says of a body that is none, it says of the body without secrets: a message is cut, and half a key would
    /// not be known again.
    private RequestKind.Read answer(String text, Reading reading) throws NoAnswerException {
        try {
            return reading.read(text);
        } catch (NoAnswerException none) {
            String clean = secrets.redact(text);
            if (clean.equals(text)) {
                throw none;
            }
            try {
                reading.read(clean);
            } catch (NoAnswerException said) {
                throw new NoAnswerException(said.getMessage(), none.counted());
            }
            throw new NoAnswerException("the body is no answer", none.counted());
        }
    }

    private Response failure(Response response, ByteString bytes, String type, EndpointCall exchange) {
        String text = BodyText.lenient(bytes, type);
        Counted.in(text).ifPresent(exchange::counted);
        return with(response, response.code(), secrets.redact(text), Optional.empty());
    }

    private Response with(Response response, int code, String body, Optional<String> inside) {
        Headers.Builder headers = new Headers.Builder();
        response.headers().forEach(h -> headers.addUnsafeNonAscii(h.getFirst(), secrets.redact(h.getSecond())));
        headers.removeAll("Content-Type").removeAll(INSIDE).removeAll(CacheInterceptor.MARK);
        inside.ifPresent(mark -> headers.add(INSIDE, mark));
        return response.newBuilder().code(code).headers(headers.build()).body(ResponseBody.create(body, JSON)).build();
    }

    /// `{"error": {...}}` and the like, also beside choices.
    private static Optional<JsonNode> error(String body) {
        // at a thousand answers a second, parsing once more counts
        if (body.length() > LONGEST_ERROR || !body.contains("\"error\"")) {
            return Optional.empty();
        }
        try {
            JsonNode error = Json.mapper().readTree(body).path("error");
            boolean said = error.isObject() && !error.isEmpty() || error.isTextual() && !error.textValue().isBlank();
            return said ? Optional.of(error) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /// @return the status the error names, or one that is tried again
    private static int status(JsonNode error) {
        for (String field : new String[] {"code", "status", "status_code"}) {
            String text = error.path(field).asText("");
            if (text.matches("[45]\\d\\d")) {
                return Integer.parseInt(text);
            }
        }
        return FELL_OVER;
    }

    private ByteString read(BufferedSource source, long started, String type) throws IOException {
        Buffer body = new Buffer();
        try {
            while (source.read(body, CHUNK) != -1) {
                if (body.size() > form.longest()) {
                    throw new NoAnswerException("the body is longer than %s MiB".formatted(form.longest() >> 20));
                }
                if (time.nanos() - started > timeout.toNanos()) {
                    throw new SocketTimeoutException("the body was not complete after %s s"
                            .formatted(timeout.toSeconds()));
                }
            }
        } catch (NoAnswerException e) {
            throw e;
        } catch (IOException broken) {
            Optional<Counted> counted = Counted.in(BodyText.lenient(body.readByteString(), type));
            if (counted.isEmpty() || Thread.currentThread().isInterrupted()) {
                throw broken;
            }
            throw new NoAnswerException("half a body: " + broken.getMessage(), counted);
        }
        return body.readByteString();
    }
}
