package dev.socratic.core.error;

import java.util.List;

/// More rows are lost than a stated limit allows: mend the data or the setting that loses them, or raise the limit.
/// Exit code 3.
public final class LimitException extends SocraticException {
    private static final long serialVersionUID = 1L;

    public LimitException(String place, String expected, String got, String remedy) {
        super(List.of(new Problem(place, expected, got, remedy)), null);
    }
}
