package dev.socratic.review.index;

/// A query that cannot be understood.
public final class QueryProblem extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String code;

    /// @param code    in snake case
    /// @param message one line with its remedy
    public QueryProblem(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
