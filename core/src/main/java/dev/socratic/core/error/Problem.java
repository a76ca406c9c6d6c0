package dev.socratic.core.error;

import java.util.Objects;

/// One thing that is wrong, said so that it can be mended: `place: expected; got value; remedy`.
///
/// @param place    where: a path in a config (`train.objective.terms[0]`) or a file with line and column (`a.yaml:3:7`)
/// @param expected what was expected there
/// @param got      what was found, quoted where it is a value; empty when nothing was found
/// @param remedy   what to write or do instead; empty where the expectation says it already
public record Problem(String place, String expected, String got, String remedy) {
    public Problem {
        Objects.requireNonNull(place);
        Objects.requireNonNull(expected);
        Objects.requireNonNull(got);
        Objects.requireNonNull(remedy);
    }

    /// @return the one line a user reads, parts that are empty left out
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        if (!place.isEmpty()) {
            line.append(place).append(": ");
        }
        line.append(expected);
        if (!got.isEmpty()) {
            line.append("; got ").append(got);
        }
        if (!remedy.isEmpty()) {
            line.append("; ").append(remedy);
        }
        return line.toString();
    }
}
