package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/// A row that could not be read, as the quarantine file keeps it.
///
/// @param file   name of the file
/// @param line   as in [Row]
/// @param reason one line: what was expected, what was there
/// @param raw    the beginning of the row as it stood, at most [#RAW_LIMIT] characters; bytes that are no UTF-8 show
///               as U+FFFD
public record BadRow(String file, long line, String reason, String raw) {
    public static final int RAW_LIMIT = 2_000;

    public BadRow {
        Objects.requireNonNull(file);
        Objects.requireNonNull(reason);
        if (raw.length() > RAW_LIMIT) {
            int end = Character.isHighSurrogate(raw.charAt(RAW_LIMIT - 1)) ? RAW_LIMIT - 1 : RAW_LIMIT;
            raw = raw.substring(0, end);
        }
    }

    /// @return `{file, line, reason, raw}`
    public ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("file", file).put("line", line).put("reason", reason)
                .put("raw", raw);
    }
}
