package dev.socratic.core.error;

import java.util.List;

/// The config or the command line is wrong: mend it and run again. The command line ends with exit code 2.
public final class ConfigException extends SocraticException {
    private static final long serialVersionUID = 1L;

    public ConfigException(List<Problem> problems) {
        super(problems, null);
    }

    public ConfigException(String place, String expected, String got, String remedy) {
        super(List.of(new Problem(place, expected, got, remedy)), null);
    }

    public ConfigException(String place, String expected, String got, String remedy, Throwable cause) {
        super(List.of(new Problem(place, expected, got, remedy)), cause);
    }
}
