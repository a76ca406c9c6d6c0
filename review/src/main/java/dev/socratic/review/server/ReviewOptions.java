package dev.socratic.review.server;

import dev.socratic.core.secret.Secret;
import java.time.Clock;
import java.util.Set;

/// What a server of a review is told.
///
/// @param host     address that it listens on
/// @param port     0 takes a free one
/// @param names    further names by which browsers may call it
/// @param token    what whoever asks must send
/// @param reviewer who decides where a request does not say
/// @param clock    of decisions
/// @param task     what reviewers are asked for
public record ReviewOptions(String host, int port, Set<String> names, Secret token, String reviewer, Clock clock,
        ReviewTask task) {
    public ReviewOptions {
        names = Set.copyOf(names);
    }

    /// Without labels and guidelines.
    public ReviewOptions(String host, int port, Set<String> names, Secret token, String reviewer, Clock clock) {
        this(host, port, names, token, reviewer, clock, ReviewTask.PLAIN);
    }
}
