package dev.socratic.generator.endpoint;

import dev.socratic.core.error.FirstLine;
import dev.socratic.core.error.Problem;
import dev.socratic.generator.endpoint.EndpointFailure.Kind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/// Tries again what may work the second time, and says in one line why the rest does not.
///
/// What an error means is [ErrorSorter]'s to say. A wait that is asked for is obeyed by this request alone; whether
/// all of them have to slow down is [Throttle]'s to say. A field the endpoint refuses by its name is left out and the
/// request sent again at once ([Adjustments]). A key is bad only if nothing was ever answered with it, and it was
/// refused twice.
final class RetryInterceptor implements Interceptor {
    private static final int MOST_ADJUSTMENTS = 8;
    private static final int MOST_KEY_RETRIES = 2;

    private final int retries;
    private final Backoff backoff;
    private final Throttle throttle;
    private final Breaker breaker;
    private final Adjustments adjustments;
    private final Timekeeper time;
    private final Traffic traffic;
    private final String keyRemedy;
    private final AtomicBoolean answered = new AtomicBoolean();

    /// @param retries   how often a request is sent again at most
    /// @param throttle  told of every request that is let through or turned away
    /// @param breaker   told of every attempt that found the endpoint there or not
    /// @param keyRemedy what to do about a refused key
    RetryInterceptor(
            int retries, Backoff backoff, Throttle throttle, Breaker breaker, Adjustments adjustments, Timekeeper time,
                    Traffic traffic, String keyRemedy) {
        this.retries = retries;
        this.backoff = backoff;
        this.throttle = throttle;
        this.breaker = breaker;
        this.adjustments = adjustments;
        this.time = time;
        this.traffic = traffic;
        this.keyRemedy = keyRemedy;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        List<RefusedField> fields = adjustments.known();
        int adjusted = 0;
        for (int attempt = 1; ; ) {
            Attempt result = attempt(chain, Adjustments.apply(fields, request), attempt);
            switch (result) {
                case Attempt.Answered(Response response) -> {
                    adjustments.confirm(fields);
                    return response;
                }
                case Attempt.Adjust(RefusedField field, ServerError error) -> {
                    if (++adjusted > MOST_ADJUSTMENTS) {
                        throw refused(request, error, ErrorSorter.Why.OTHER);
                    }
                    fields.add(field);
                    traffic.countRetried();
                }
                case Attempt.Absent(String why) -> { // it waits for the endpoint, not for itself
                    traffic.countRetried();
                    traffic.tell("the endpoint is not there, and asked again now and then: " + why);
                }
                case Attempt.Failed(String why, Optional<Duration> asked) -> {
                    if (attempt > retries || asked.filter(d -> d.compareTo(backoff.longest()) > 0).isPresent()) {
                        throw temporary(request, attempt, why, asked);
                    }
                    traffic.countRetried();
                    traffic.tell("requests are sent again, the last: " + why);
                    pause(attempt, RequestBodies.text(request), asked);
                    attempt++;
                }
            }
        }
    }

    private sealed interface Attempt {
        record Answered(Response response) implements Attempt {}

        /// @param field what the endpoint does not take
        record Adjust(RefusedField field, ServerError error) implements Attempt {}

        /// The endpoint is down for everybody: the attempt is not this request's.
        record Absent(String why) implements Attempt {}

        /// @param asked what the server asked to wait
        record Failed(String why, Optional<Duration> asked) implements Attempt {}
    }

    private Attempt attempt(Chain chain, Request request, int number) {
        await();
        traffic.countSent();
        try {
            Response response = chain.proceed(request);
            if (response.isSuccessful()) {
                answered.compareAndSet(false, request.method().equals("POST")); // a list of models may be open to all
                breaker.answered();
                throttle.accepted(time.nanos()).ifPresent(traffic::tell);
                RetryAfter.spent(response.headers(), time.now()).filter(wait -> wait.compareTo(backoff.longest()) <= 0)
                        .ifPresent(wait -> throttle.hold(wait, time.nanos()));
                return new Attempt.Answered(response);
            }
            String body = response.body().string();
            ServerError error = ServerError.of(response.code(), response.headers(), body, time.now());
            return sorted(request, response, error, number);
        } catch (SocketTimeoutException e) {
            return failed("no answer in time: " + e.getMessage(), Optional.empty());
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw EndpointFailure.interrupted();
            }
            return e instanceof NoAnswerException ? new Attempt.Failed(why(e), Optional.empty())
                    : failed(why(e), Optional.empty());
        }
    }

    /// The endpoint fell over, or is not there.
    private Attempt failed(String why, Optional<Duration> window) {
        return breaker.failed(time.nanos()) ? new Attempt.Absent(why) : new Attempt.Failed(why, window);
    }

    /// Waits for an endpoint that is not there.
    private void await() {
        try {
            for (Duration wait = breaker.reserve(time.nanos()); wait.isPositive();
                    wait = breaker.reserve(time.nanos())) {
                time.sleep(wait);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EndpointFailure.interrupted();
        }
    }

    private Attempt sorted(Request request, Response response, ServerError error, int number) throws IOException {
        return switch (ErrorSorter.of(error)) {
            case ErrorSorter.Limited(Optional<Duration> window) -> {
                breaker.answered();
                traffic.countLimited();
                throttle.turnedAway(window, time.nanos()).ifPresent(traffic::tell);
                yield new Attempt.Failed(error.words(), window);
            }
            case ErrorSorter.Passing(Optional<Duration> window) -> failed(error.words(), window);
            case ErrorSorter.Unpaid() -> throw new EndpointFailure(Kind.TEMPORARY, new Problem(
                    place(request), "an answer", "none in %s attempt%s, the last: %s".formatted(number, number == 1
                            ? "" : "s", error.words()),
                    "add to the account's credit, then run the same command again"));
            case ErrorSorter.Key() -> key(request, error, number);
            case ErrorSorter.Refused(ErrorSorter.Why why) -> {
                Optional<RefusedField> field = why == ErrorSorter.Why.OTHER ? adjustments.refused(error,
                        request) : Optional.empty();
                yield field.<Attempt>map(f -> new Attempt.Adjust(f, error)).orElseThrow(() -> refused(request, error,
                        why, response));
            }
        };
    }

    private Attempt key(Request request, ServerError error, int number) {
        boolean bad = !answered.get();
        int most = Math.min(retries, bad ? 1 : MOST_KEY_RETRIES);
        if (number <= most) {
            return new Attempt.Failed(error.words(), Optional.empty());
        }
        if (bad) {
            throw new EndpointFailure(Kind.KEY, new Problem(place(request), "a key the endpoint accepts",
                    error.words(), keyRemedy));
        }
        throw temporary(request, number, error.words(), Optional.empty());
    }

    private void pause(int failed, String body, Optional<Duration> asked) {
        Duration wait = asked.map(d -> d.plus(backoff.before(body, 1))).orElseGet(() -> backoff.before(body, failed));
        try {
            time.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EndpointFailure.interrupted();
        }
    }

    private EndpointFailure refused(Request request, ServerError error, ErrorSorter.Why why, Response response) {
        if (why == ErrorSorter.Why.REDIRECTED) {
            String to = "a redirection to " + ServerWords.quoted(response.header("Location", "nowhere"));
            return new EndpointFailure(Kind.PERMANENT, new Problem(place(request), "an endpoint",
                    to, "write that address as base_url"));
        }
        return refused(request, error, why);
    }

    private EndpointFailure refused(Request request, ServerError error, ErrorSorter.Why why) {
        String expected = why == ErrorSorter.Why.UNKNOWN
                ? "a model the endpoint knows" : "a request the endpoint accepts";
        String remedy = switch (why) {
            case REDIRECTED -> "write the address it leads to as base_url";
            case UNKNOWN -> "check model and base_url";
            case FLAGGED -> "leave the question out, or ask another teacher: this endpoint refuses the prompt";
            case FORBIDDEN -> answered.get()
                    ? "leave the question out, or ask another teacher: others are answered with the same key"
                    : "if every request is refused, " + keyRemedy;
            case TOO_LONG -> "shorten the prompt, or lower sampling.max_tokens";
            case OTHER -> "check the prompt's length and the sampling; omit, rename and extra_body say what is sent";
        };
        return new EndpointFailure(Kind.PERMANENT, new Problem(place(request), expected, error.words(), remedy));
    }

    private static EndpointFailure temporary(Request request, int attempts, String why, Optional<Duration> asked) {
        String wait = asked.map(d -> " (asks to wait %s s)".formatted(d.toSeconds())).orElse("");
        String got = "none in %s attempt%s, the last: %s%s".formatted(attempts, attempts == 1 ? "" : "s", why, wait);
        return new EndpointFailure(Kind.TEMPORARY, new Problem(place(request), "an answer",
                got, "run the same command again later"));
    }

    /// With `${NAME}` as the config has it.
    private static String place(Request request) {
        return request.url().toString().replace("%7B", "{").replace("%7D", "}");
    }

    private static String why(IOException e) {
        return FirstLine.of(e);
    }
}
