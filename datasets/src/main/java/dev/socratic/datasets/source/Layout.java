package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// How a file names what it holds.
public enum Layout {
    /// Found out from the first good row of the file; the other rows must then fit.
    AUTO,
    /// `question`, and `answer` as a worked solution ending in `#### 18`; also the Socratic file, whose steps read `sub-question ** step`.
    GSM8K,
    /// `instruction`, `input` (may be empty or absent), `output`.
    ALPACA,
    /// `conversations`: a list of `from` (`system`, `human`, `gpt`) and `value`.
    SHARE_GPT,
    /// `messages`: a list of `role` and `content`; rows of the curator and of the generator are such.
    MESSAGES,
    /// This project's own question rows: `question`, `answer`, ...
    QUESTION,
    /// `chosen` and `rejected`, each a text, a turn or a list of turns, after `prompt`, `messages`, `conversations`, `instruction` or `question`; or whole
    /// conversations that begin alike.
    PREFERENCE,
    /// `text` alone, as a base model is trained on.
    TEXT;

    /// @return the layout whose fields this row has; empty if none
    static Optional<Layout> detect(ObjectNode row) {
        if (row.has("chosen") && row.has("rejected")) {
            return Optional.of(PREFERENCE);
        }
        if (row.path("messages").isArray()) {
            return Optional.of(MESSAGES);
        }
        if (row.path("conversations").isArray()) {
            return Optional.of(SHARE_GPT);
        }
        if (row.path("instruction").isTextual()) {
            return Optional.of(ALPACA);
        }
        if (row.path("question").isTextual()) {
            return Optional.of(row.path("answer").asText().contains("####") ? GSM8K : QUESTION);
        }
        return row.path("text").isTextual() ? Optional.of(TEXT) : Optional.empty();
    }
}
