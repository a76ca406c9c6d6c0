package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Server-sent events on a reply: `data: {json}` and a blank line each. The reply begins with the first event, so that a failure before it
/// still has its own status.
final class EventStream {
    private final Context context;
    private boolean begun;

    EventStream(Context context) {
        this.context = context;
    }

    boolean begun() {
        return begun;
    }

    /// @throws UncheckedIOException if the client has gone
    void send(JsonNode event) {
        send(event.toString());
    }

    void done() {
        send("[DONE]");
    }

    private void send(String data) {
        try {
            if (!begun) {
                begun = true;
                context.status(200).contentType("text/event-stream; charset=utf-8").header("Cache-Control", "no-cache");
            }
            OutputStream out = context.outputStream();
            out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
