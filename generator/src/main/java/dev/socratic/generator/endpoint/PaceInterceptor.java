package dev.socratic.generator.endpoint;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import okhttp3.Interceptor;
import okhttp3.Response;

/// Waits for this request's moment: requests per minute, and tokens per minute by an estimate that is corrected by what the server counts.
final class PaceInterceptor implements Interceptor {
    private final Pace requests;
    private final Pace tokens;
    private final Timekeeper time;

    PaceInterceptor(Pace requests, Pace tokens, Timekeeper time) {
        this.requests = requests;
        this.tokens = tokens;
        this.time = time;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        long estimate = TokenEstimate.ofRequest(RequestBodies.text(chain.request()));
        long now = time.nanos();
        Duration byRequests = requests.reserve(1, now);
        Duration byTokens = tokens.reserve(estimate, now);
        sleep(byRequests.compareTo(byTokens) > 0 ? byRequests : byTokens);
        try {
            Response response = chain.proceed(chain.request());
            tokens.correct(counted(response, estimate) - estimate);
            return response;
        } catch (IOException e) {
            tokens.correct(-estimate); // nothing was answered; a server that counts it all the same says 429
            throw e;
        }
    }

    /// @return tokens this response took: what the server counts; the estimate where it does not say; 0 for a refusal
    private static long counted(Response response, long estimate) throws IOException {
        if (response.code() != 200) {
            return 0;
        }
        ChatBody body = ChatBody.parse(response.peekBody(Long.MAX_VALUE).string());
        if (body.promptTokens().isEmpty() || body.completionTokens().isEmpty()) {
            return estimate;
        }
        return body.promptTokens().get() + body.completionTokens().get();
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
