package dev.socratic.generator.endpoint;

import dev.socratic.core.secret.Secrets;
import java.io.IOException;
import java.util.Optional;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/// Answers from disk where it can, marks such an answer with the header `x-socratic-cache: hit`, and keeps every
/// answer it sees.
///
/// What comes up from below with 200 has been read to its end and is an answer (`WholeBodyInterceptor`); nothing else
/// is kept. What lies there is read as strictly: an entry that is no answer (earlier versions kept empty ones) is
/// none.
final class CacheInterceptor implements Interceptor {
    static final String MARK = "x-socratic-cache";

    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final ResponseCache cache;
    private final RequestKind form;
    private final Secrets secrets;
    private final String further;
    private final Traffic traffic;

    /// @param further what makes a request another one beside its address and body: headers and query, as the config
    ///                has them
    CacheInterceptor(ResponseCache cache, RequestKind form, Secrets secrets, String further, Traffic traffic) {
        this.cache = cache;
        this.form = form;
        this.secrets = secrets;
        this.further = further;
        this.traffic = traffic;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        if (request.method().equals("GET")) {
            return chain.proceed(request); // what a server has now, not what it had
        }
        String key = ResponseCache.key(request.url() + further, RequestBodies.text(request));
        Optional<String> known = cache.get(key).flatMap(this::answer);
        if (known.isPresent()) {
            traffic.countCached();
            return new Response.Builder()
                    .request(request)
                    .protocol(Protocol.HTTP_1_1)
                    .code(200)
                    .message("OK")
                    .header(MARK, "hit")
                    .body(ResponseBody.create(known.get(), JSON))
                    .build();
        }
        Response response = chain.proceed(request);
        if (response.code() == 200) {
            cache.put(key, response.peekBody(Long.MAX_VALUE).string());
        }
        return response;
    }

    private Optional<String> answer(String kept) {
        try {
            return Optional.of(form.read(kept, secrets).body());
        } catch (NoAnswerException e) {
            return Optional.empty();
        }
    }
}
