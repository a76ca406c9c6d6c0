package dev.socratic.core.error;

import java.util.List;

/// Nothing is wrong with config or data, but a resource failed (endpoint, disk, memory): the same command goes on
/// later. Exit code 1.
public final class RetryLaterException extends SocraticException {
    private static final long serialVersionUID = 1L;

    public RetryLaterException(List<Problem> problems) {
        super(problems, null);
    }

    public RetryLaterException(List<Problem> problems, Throwable cause) {
        super(problems, cause);
    }

    public RetryLaterException(String place, String expected, String got, String remedy) {
        super(List.of(new Problem(place, expected, got, remedy)), null);
    }

    public RetryLaterException(String place, String expected, String got, String remedy, Throwable cause) {
        super(List.of(new Problem(place, expected, got, remedy)), cause);
    }
}
