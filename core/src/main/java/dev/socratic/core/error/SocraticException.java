package dev.socratic.core.error;

import java.util.List;
import java.util.stream.Collectors;

/// A failure a user can do something about, sorted by what they have to do. Anything else that is thrown is a bug of
/// ours.
public abstract sealed class SocraticException extends RuntimeException
        permits ConfigException, DataException, LimitException, RetryLaterException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    SocraticException(List<Problem> problems, Throwable cause) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())), cause);
        this.problems = List.copyOf(problems);
    }

    /// @return every problem found, never empty
    public List<Problem> problems() {
        return problems;
    }
}
