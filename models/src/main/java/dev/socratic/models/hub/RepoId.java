package dev.socratic.models.hub;

import dev.socratic.core.error.ConfigException;
import java.util.regex.Pattern;

/// A model on a hub, at a revision.
///
/// @param name     `org/name`, or a bare name as the oldest models have
/// @param revision branch, tag or commit
public record RepoId(String name, String revision) {
    private static final Pattern NAME =
            Pattern.compile("(?:[A-Za-z0-9][A-Za-z0-9._-]{0,95}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,95}");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}");
    private static final String MAIN = "main";

    public RepoId {
        if (!NAME.matcher(name).matches() || name.contains("..") || name.contains("--")) {
            throw new ConfigException("model", "a name such as org/name", "'" + name + "'",
                    "copy it from the model's page");
        }
        if (!REVISION.matcher(revision).matches() || revision.contains("..") || revision.contains("//")
                || revision.endsWith("/")) {
            throw new ConfigException("revision", "a branch, a tag or a commit", "'" + revision + "'",
                    "leave it out to take " + MAIN);
        }
    }

    /// @param text `org/name` or `org/name@revision`
    /// @throws ConfigException if it is neither
    public static RepoId parse(String text) {
        int at = text.indexOf('@');
        return at < 0 ? new RepoId(text, MAIN) : new RepoId(text.substring(0, at), text.substring(at + 1));
    }

    /// @return name of its folder in the cache
    String folder() {
        return "models--" + name.replace("/", "--");
    }

    /// @return whether the revision is a commit and so always means the same files
    boolean fixed() {
        return Checksum.isCommit(revision);
    }

    @Override
    public String toString() {
        return name + "@" + revision;
    }
}
