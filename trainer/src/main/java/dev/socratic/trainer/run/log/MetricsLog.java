package dev.socratic.trainer.run.log;

import dev.socratic.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// A file of JSON objects, one a line.
public final class MetricsLog implements AutoCloseable {
    private final AppendFile file;

    /// @param length bytes to keep of what is there; 0 begins anew
    public MetricsLog(Path path, long length) {
        this.file = AppendFile.open(path, length);
    }

    /// @param line numbers and strings, in the order they are to stand in
    public void append(Map<String, Object> line) {
        file.append((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// Makes everything durable.
    ///
    /// @return the length
    public long sync() {
        return file.sync();
    }

    @Override
    public void close() {
        file.close();
    }
}
