package dev.socratic.generator.endpoint;

import java.io.IOException;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;

/// The text of a request's body; ours are always in memory.
final class RequestBodies {
    private RequestBodies() {}

    static String text(Request request) throws IOException {
        RequestBody body = request.body();
        if (body == null) { // OkHttp's word for "no body"
            return "";
        }
        Buffer buffer = new Buffer();
        body.writeTo(buffer);
        return buffer.readUtf8();
    }
}
