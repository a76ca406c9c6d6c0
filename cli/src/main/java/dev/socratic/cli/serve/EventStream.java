package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;

/// Server-sent events on a reply: `data: {json}` and a blank line each. The reply begins with the first event, so
/// that a failure before it still has its own status.
final class EventStream {
    private final ServedRequest exchange;
    private final OutputStream out;
    private boolean begun;

    EventStream(ServedRequest exchange) {
        this.exchange = exchange;
        this.out = exchange.out();
    }

    boolean begun() {
        return begun;
    }

    /// @throws IOException if the client has gone
    void send(JsonNode event) throws IOException {
        send(event.toString());
    }

    /// The whole answer was sent.
    void done() throws IOException {
        send("[DONE]");
        out.close();
    }

    /// The answer ends here, and not as it should.
    void fail(ApiFailure failure) throws IOException {
        send(failure.json());
        out.close();
    }

    private void send(String data) throws IOException {
        if (!begun) {
            begun = true;
            exchange.begin(200, "text/event-stream; charset=utf-8");
            exchange.header(HttpHeader.CACHE_CONTROL, "no-cache");
        }
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
