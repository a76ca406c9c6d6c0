package dev.socratic.curator.filter;

import dev.socratic.curator.repair.MojibakeRepair;
import java.util.Optional;

/// Finds text that was UTF-8 and read by a table of one byte a character ([MojibakeRepair]); the character U+FFFD,
/// which stands for bytes that were lost, counts too.
final class Mojibake {
    private Mojibake() {}

    /// @param text  the broken characters
    /// @param meant what they were; empty where it is lost
    record Found(String text, String meant) {}

    static Optional<Found> find(String text) {
        int lost = text.indexOf('\uFFFD');
        if (lost >= 0) {
            int end = lost;
            while (end < text.length() && text.charAt(end) == '\uFFFD') {
                end++;
            }
            return Optional.of(new Found(text.substring(lost, end), ""));
        }
        return MojibakeRepair.find(text).map(found -> new Found(text.substring(found.from(), found.to()),
                found.meant()));
    }
}
