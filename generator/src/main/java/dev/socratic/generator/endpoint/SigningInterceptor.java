package dev.socratic.generator.endpoint;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/// Writes keys and headers into the request and gives it its true address, just before it leaves.
final class SigningInterceptor implements Interceptor {
    private final Credentials credentials;

    SigningInterceptor(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        return chain.proceed(credentials.on(chain.request()));
    }
}
