package dev.socratic.generator.endpoint;

import java.io.IOException;
import java.util.Optional;

/// A response that says 200 but is no answer: garbage, half a JSON, an error in disguise, no text at all.
final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Counted> counted;

    NoAnswerException(String message) {
        this(message, Optional.empty());
    }

    /// @param counted what the server counts all the same
    NoAnswerException(String message, Optional<Counted> counted) {
        super(message);
        this.counted = counted;
    }

    Optional<Counted> counted() {
        return counted;
    }
}
