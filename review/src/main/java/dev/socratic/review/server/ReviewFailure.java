package dev.socratic.review.server;

/// A request that is not answered with what it asked for.
final class ReviewFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;

    /// @param status  of HTTP
    /// @param code    in snake case
    /// @param message one line with its remedy
    ReviewFailure(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static ReviewFailure wrong(String message) {
        return new ReviewFailure(400, "wrong_parameter", message);
    }

    static ReviewFailure gone(String id) {
        return new ReviewFailure(404, "unknown_row", "id: a row of this corpus; got '%s'; look for it with q=id:\"...\""
                .formatted(id));
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
