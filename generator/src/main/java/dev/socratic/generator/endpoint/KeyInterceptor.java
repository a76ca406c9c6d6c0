package dev.socratic.generator.endpoint;

import java.io.IOException;
import java.util.Optional;
import okhttp3.Interceptor;
import okhttp3.Response;

/// Writes the key into the request, just before it leaves.
final class KeyInterceptor implements Interceptor {
    private final Optional<ApiKey> key;

    KeyInterceptor(Optional<ApiKey> key) {
        this.key = key;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        if (key.isEmpty()) {
            return chain.proceed(chain.request());
        }
        return chain.proceed(
                chain.request().newBuilder().header("Authorization", key.get().header()).build());
    }
}
