package dev.socratic.generator.endpoint;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;

/// Reads the body to its end, so that half a body is found out here and not in the middle of parsing, and refuses a 200 that is no answer.
///
/// The read time-out of OkHttp bounds the silence between two bytes; the check here bounds the whole body, so that a server that drips one
/// byte a minute is given up too. What comes out is a response whose body is in memory and in which the key does not occur.
final class WholeBodyInterceptor implements Interceptor {
    private static final long CHUNK = 64L << 10;
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final Optional<ApiKey> key;
    private final Duration timeout;
    private final Timekeeper time;
    private final Form form;

    WholeBodyInterceptor(Optional<ApiKey> key, Duration timeout, Timekeeper time, Form form) {
        this.key = key;
        this.timeout = timeout;
        this.time = time;
        this.form = form;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        long started = time.nanos();
        try (Response response = chain.proceed(chain.request())) {
            String read = read(response.body().source(), started);
            String body = key.map(k -> k.cutFrom(read)).orElse(read);
            if (response.code() == 200) {
                form.read(body); // refuses what is no answer
            }
            Headers.Builder headers = new Headers.Builder();
            response.headers().forEach(h ->
                    headers.addUnsafeNonAscii(h.getFirst(), key.map(k -> k.cutFrom(h.getSecond())).orElse(h.getSecond())));
            return response.newBuilder()
                    .headers(headers.build())
                    .body(ResponseBody.create(body, JSON))
                    .build();
        }
    }

    private String read(BufferedSource source, long started) throws IOException {
        Buffer body = new Buffer();
        while (source.read(body, CHUNK) != -1) {
            if (body.size() > form.longest()) {
                throw new NoAnswerException("the body is longer than %s MiB".formatted(form.longest() >> 20));
            }
            if (time.nanos() - started > timeout.toNanos()) {
                throw new SocketTimeoutException("the body was not complete after %s s".formatted(timeout.toSeconds()));
            }
        }
        return body.readUtf8();
    }
}
