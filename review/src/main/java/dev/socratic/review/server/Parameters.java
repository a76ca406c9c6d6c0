package dev.socratic.review.server;

import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The parameters of a request, checked: what is unknown is refused, not passed over.
record Parameters(Context request) {
    private static final Set<String> ALWAYS = Set.of("reviewer", "token");

    /// @param known all this address takes
    static Parameters of(Context request, String... known) {
        Set<String> unknown = new TreeSet<>(request.queryParamMap().keySet());
        unknown.removeAll(ALWAYS);
        unknown.removeAll(Set.of(known));
        if (!unknown.isEmpty()) {
            throw ReviewFailure.wrong("%s: a known parameter; got '%s'; known: %s".formatted(request.path(),
                    unknown.iterator().next(), String.join(", ", Arrays.stream(known).sorted().toList())));
        }
        return new Parameters(request);
    }

    String text(String name, String otherwise) {
        return optional(name).orElse(otherwise);
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(request.queryParam(name)).filter(text -> !text.isEmpty());
    }

    String required(String name) {
        return optional(name).orElseThrow(() -> ReviewFailure.wrong(("%s: a value; got nothing; write "
                + "%s?%s=...").formatted(
                name, request.path(), name)));
    }

    int number(String name, int otherwise, int least, int most) {
        Optional<String> given = optional(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(given.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException none) {
            // told below
        }
        throw ReviewFailure.wrong(("%s: a whole number from %s to %s; got '%s'; leave it out for "
                + "%s").formatted(name, least,
                most, given.get(), otherwise));
    }

    long seed() {
        Optional<String> given = optional("seed");
        try {
            return given.map(Long::parseLong).orElse(0L);
        } catch (NumberFormatException none) {
            throw ReviewFailure.wrong("seed: a whole number; got '%s'; leave it out for 0".formatted(given.get()));
        }
    }

    String choice(String name, List<String> known) {
        String given = text(name, known.getFirst());
        if (!known.contains(given)) {
            throw ReviewFailure.wrong("%s: one of %s; got '%s'; leave it out for %s".formatted(name,
                    String.join(", ", known), given, known.getFirst()));
        }
        return given;
    }
}
