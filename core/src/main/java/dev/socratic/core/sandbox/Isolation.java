package dev.socratic.core.sandbox;

import java.util.List;

/// What keeps programs from everything else, as it was found to work on this machine; it stands beside every figure
/// that was made by running programs.
///
/// @param kind       how
/// @param namespaces that are new for each run; none without isolation
/// @param user       whom the program runs as
/// @param limits     that the kernel enforces, by name
public record Isolation(Kind kind, List<String> namespaces, String user, List<String> limits) {
    /// How programs are kept apart.
    public enum Kind {
        /// New namespaces, a root folder of their own, another user.
        ROOT_NAMESPACES,
        /// The same, made in a user namespace by a user without rights.
        USER_NAMESPACES,
        /// Nothing but limits: they run as whoever runs us.
        NONE
    }

    public Isolation {
        namespaces = List.copyOf(namespaces);
        limits = List.copyOf(limits);
    }

    /// @return in a few words, for tables
    public String shown() {
        return switch (kind) {
            case ROOT_NAMESPACES, USER_NAMESPACES -> "namespaces (%s), user %s, limits (%s)".formatted(
                    String.join(", ", namespaces), user, String.join(", ", limits));
            case NONE -> "none (unsafe_code), limits (%s)".formatted(String.join(", ", limits));
        };
    }
}
