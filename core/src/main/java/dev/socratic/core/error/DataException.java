package dev.socratic.core.error;

import java.util.List;

/// A file is missing, damaged, hostile or not what it was said to be: mend the data. Exit code 1.
public final class DataException extends SocraticException {
    private static final long serialVersionUID = 1L;

    public DataException(List<Problem> problems) {
        super(problems, null);
    }

    public DataException(String place, String expected, String got, String remedy) {
        super(List.of(new Problem(place, expected, got, remedy)), null);
    }

    public DataException(String place, String expected, String got, String remedy, Throwable cause) {
        super(List.of(new Problem(place, expected, got, remedy)), cause);
    }
}
