package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.generator.teacher.RequestShape;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/// Gives a request's body the form this endpoint takes, before anybody looks for it in the cache.
final class ShapeInterceptor implements Interceptor {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final RequestShape shape;

    ShapeInterceptor(RequestShape shape) {
        this.shape = shape;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        if (shape.plain() || !request.method().equals("POST")) {
            return chain.proceed(request);
        }
        ObjectNode body = (ObjectNode) Json.mapper().readTree(RequestBodies.text(request));
        shape.apply(body);
        return chain.proceed(request.newBuilder().post(RequestBody.create(body.toString(), JSON)).build());
    }
}
