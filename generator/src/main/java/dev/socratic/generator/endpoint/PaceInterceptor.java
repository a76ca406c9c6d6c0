package dev.socratic.generator.endpoint;

import dev.socratic.core.text.TokenEstimate;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Interceptor;
import okhttp3.Response;

/// Waits for this request's moment: what the endpoint lets through ([Throttle]), requests per minute, and tokens per
/// minute by an estimate that is corrected by what the server counts.
///
/// The answer's share of the estimate is the mean of the last answers, as `max_tokens` alone would keep a fast
/// endpoint idle: most answers are far shorter. Until one has come, it is `max_tokens`.
final class PaceInterceptor implements Interceptor {
    private static final double MEMORY = 50; // answers; the mean forgets with this constant

    private final Pace requests;
    private final Pace tokens;
    private final Throttle throttle;
    private final Timekeeper time;
    private final RequestKind form;
    private final AtomicReference<Optional<Double>> meanAnswer = new AtomicReference<>(Optional.empty());

    PaceInterceptor(Pace requests, Pace tokens, Throttle throttle, Timekeeper time, RequestKind form) {
        this.requests = requests;
        this.tokens = tokens;
        this.throttle = throttle;
        this.time = time;
        this.form = form;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        long now = time.nanos();
        Duration wait = longer(throttle.reserve(now), requests.reserve(1, now));
        if (!tokens.limited()) { // then nobody needs to count
            sleep(wait);
            return chain.proceed(chain.request());
        }
        TokenEstimate estimate = form.estimate(RequestBodies.text(chain.request()));
        double reserved = estimate.prompt()
                + meanAnswer.get().map(mean -> Math.min(mean, estimate.most())).orElse((double) estimate.most());
        sleep(longer(wait, tokens.reserve(reserved, now)));
        double taken = 0; // nothing was answered; a server that counts that all the same says 429
        try {
            Response response = chain.proceed(chain.request());
            taken = response.isSuccessful() ? counted(MeterInterceptor.exchange(chain), estimate) : 0;
            return response;
        } finally {
            tokens.correct(taken - reserved);
        }
    }

    /// @return tokens an answer took: what the server counts, or else the most it can be
    private double counted(EndpointCall exchange, TokenEstimate estimate) {
        Counted said = exchange.counted().orElse(Counted.NOTHING);
        said.completionTokens().ifPresent(n ->
                meanAnswer.updateAndGet(mean -> Optional.of(mean.map(m -> m + (n - m) / MEMORY).orElse((double) n))));
        return said.promptTokens().orElse(estimate.prompt()) + said.completionTokens().orElse(estimate.most());
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private void sleep(Duration wait) throws InterruptedIOException {
        try {
            time.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for its moment");
        }
    }
}
