package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// One JSON object a line, `\n` after each.
record JsonlSink(OutputStream out) implements PendingRows.Sink {
    @Override
    public void write(ObjectNode row) throws IOException {
        out.write((Json.line(row) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void finish() throws IOException {
        out.close();
    }
}
