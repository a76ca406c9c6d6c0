package dev.socratic.generator.endpoint;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import okhttp3.Interceptor;
import okhttp3.Response;

/// At most so many requests on the wire at once. A request that waits for its next attempt holds no place.
final class ConcurrencyInterceptor implements Interceptor {
    private final Semaphore places;

    ConcurrencyInterceptor(int places) {
        this.places = new Semaphore(places, true); // fair: nobody waits for ever
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        try {
            places.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a place");
        }
        try {
            return chain.proceed(chain.request());
        } finally {
            places.release();
        }
    }
}
