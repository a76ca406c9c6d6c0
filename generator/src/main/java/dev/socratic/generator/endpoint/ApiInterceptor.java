package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.generator.teacher.Api;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/// Makes a chat request of OpenAI's form one of the endpoint's own API: its body ([NativeRequest]) and its address.
final class ApiInterceptor implements Interceptor {
    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
    private static final String CHAT = "/chat/completions";

    private final Api api;
    private final String model;

    ApiInterceptor(Api api, String model) {
        this.api = api;
        this.model = model;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        if (!request.url().encodedPath().endsWith(CHAT)) {
            return chain.proceed(request);
        }
        ObjectNode body = NativeRequest.of(api, (ObjectNode) Json.mapper().readTree(RequestBodies.text(request)));
        HttpUrl.Builder url = request.url().newBuilder();
        for (int i = 0; i < 2; i++) {
            url.removePathSegment(request.url().pathSize() - 1 - i);
        }
        for (String segment : api.path().split("/")) {
            url.addPathSegment(segment.replace("{model}", model));
        }
        return chain.proceed(request.newBuilder().url(url.build()).post(RequestBody.create(body.toString(), JSON))
                .build());
    }
}
