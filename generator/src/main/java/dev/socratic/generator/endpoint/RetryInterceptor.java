package dev.socratic.generator.endpoint;

import dev.socratic.core.error.Problem;
import dev.socratic.generator.endpoint.EndpointFailure.Kind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/// Tries again what may work the second time, and says in one line why the rest does not.
///
/// Tried again: 408, 409, 425, 429, every 5xx, time-outs, broken connections, a 200 whose body is no answer. A `Retry-After` is obeyed, and
/// nobody else sends before it is over. Not tried again: 402 and a 429 that says the quota is used up, for minutes of waiting mend neither.
final class RetryInterceptor implements Interceptor {
    private static final Set<Integer> AGAIN = Set.of(408, 409, 425, 429);

    private final int retries;
    private final Backoff backoff;
    private final Pace requests;
    private final Timekeeper time;
    private final Traffic traffic;
    private final String keyRemedy;

    /// @param retries   how often a request is sent again at most
    /// @param requests  the pace of requests, told to hold its breath after a Retry-After
    /// @param keyRemedy what to do about a refused key
    RetryInterceptor(int retries, Backoff backoff, Pace requests, Timekeeper time, Traffic traffic, String keyRemedy) {
        this.retries = retries;
        this.backoff = backoff;
        this.requests = requests;
        this.time = time;
        this.traffic = traffic;
        this.keyRemedy = keyRemedy;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        for (int attempt = 1; ; attempt++) {
            Attempt result = attempt(chain, request);
            switch (result) {
                case Attempt.Answered(Response response) -> {
                    return response;
                }
                case Attempt.Failed(String why, Optional<Duration> asked) -> {
                    if (attempt > retries || asked.filter(d -> d.compareTo(backoff.longest()) > 0).isPresent()) {
                        throw temporary(request, attempt, why, asked);
                    }
                    pause(attempt, RequestBodies.text(request), asked);
                }
            }
            traffic.countRetried();
        }
    }

    private sealed interface Attempt {
        record Answered(Response response) implements Attempt {}

        /// @param asked what the server asked to wait
        record Failed(String why, Optional<Duration> asked) implements Attempt {}
    }

    private Attempt attempt(Chain chain, Request request) {
        traffic.countSent();
        try {
            Response response = chain.proceed(request);
            int code = response.code();
            if (code == 200) {
                return new Attempt.Answered(response);
            }
            String words = Words.of(response.body().string());
            boolean hopeless = code == 402 || code == 429 && words.contains("quota");
            if (hopeless) {
                throw temporary(request, 1, code + " " + words, Optional.empty());
            }
            if (AGAIN.contains(code) || code >= 500) {
                Optional<Duration> asked = Optional.ofNullable(response.header("Retry-After"))
                        .flatMap(header -> RetryAfter.parse(header, time.now()));
                return new Attempt.Failed(code + " " + words, asked);
            }
            throw refused(request, response, words);
        } catch (SocketTimeoutException e) {
            return new Attempt.Failed("no answer in time: " + e.getMessage(), Optional.empty());
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw EndpointFailure.interrupted();
            }
            return new Attempt.Failed(why(e), Optional.empty());
        }
    }

    private void pause(int failed, String body, Optional<Duration> asked) {
        Duration wait = asked.map(d -> d.plus(backoff.before(body, 1))).orElseGet(() -> backoff.before(body, failed));
        asked.ifPresent(d -> requests.notBefore(time.nanos() + d.toNanos()));
        try {
            time.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EndpointFailure.interrupted();
        }
    }

    private EndpointFailure refused(Request request, Response response, String words) {
        int code = response.code();
        String place = request.url().toString();
        String got = code + " " + words;
        if (code == 401 || code == 403) {
            return new EndpointFailure(Kind.KEY, new Problem(place, "a key the endpoint accepts", got, keyRemedy));
        }
        if (code >= 300 && code < 400) {
            String to = "a redirection to " + Words.of(response.header("Location", "nowhere"));
            return new EndpointFailure(Kind.PERMANENT, new Problem(place, "an endpoint", to, "write that address as base_url"));
        }
        if (code == 404) {
            return new EndpointFailure(Kind.PERMANENT, new Problem(place, "a model the endpoint knows", got, "check model and base_url"));
        }
        return new EndpointFailure(
                Kind.PERMANENT, new Problem(place, "a request the endpoint accepts", got, "check the prompt's length and the sampling"));
    }

    private static EndpointFailure temporary(Request request, int attempts, String why, Optional<Duration> asked) {
        String wait = asked.map(d -> " (asks to wait %s s)".formatted(d.toSeconds())).orElse("");
        String got = "none in %s attempt%s, the last: %s%s".formatted(attempts, attempts == 1 ? "" : "s", why, wait);
        return new EndpointFailure(Kind.TEMPORARY, new Problem(request.url().toString(), "an answer", got, "run the same command again later"));
    }

    private static String why(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
    }
}
