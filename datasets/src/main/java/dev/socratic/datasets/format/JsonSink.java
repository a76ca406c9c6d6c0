package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// One JSON array, an object a line.
final class JsonSink implements PendingRows.Sink {
    private final OutputStream out;
    private String before = "[\n";

    JsonSink(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        out.write((before + Json.line(row)).getBytes(StandardCharsets.UTF_8));
        before = ",\n";
    }

    @Override
    public void finish() throws IOException {
        out.write((before.equals("[\n") ? "[]\n" : "\n]\n").getBytes(StandardCharsets.UTF_8));
        out.close();
    }
}
