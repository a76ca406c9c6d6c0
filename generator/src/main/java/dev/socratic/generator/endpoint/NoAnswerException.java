package dev.socratic.generator.endpoint;

import java.io.IOException;

/// A response that came whole and says 200, but is no answer: garbage, half a JSON, an error in disguise.
final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    NoAnswerException(String message) {
        super(message);
    }
}
