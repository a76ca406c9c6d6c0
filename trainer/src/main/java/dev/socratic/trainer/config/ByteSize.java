package dev.socratic.trainer.config;

import dev.socratic.core.error.ConfigException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of memory, as people write it: `16GB`, `512MiB`, `0.5GB`. GB is 10^9 bytes, GiB 2^30.
///
/// @param bytes above 0
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) *([KMGT])(i?)B");
    private static final String UNITS = "KMGT";

    /// @return empty where the text is no amount
    public static Optional<ByteSize> of(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        double unit = Math.pow(form.group(3).isEmpty() ? 1000 : 1024, 1 + UNITS.indexOf(form.group(2)));
        double bytes = Double.parseDouble(form.group(1)) * unit;
        return bytes >= 1 && bytes < Long.MAX_VALUE / 2.0 ? Optional.of(new ByteSize((long) bytes)) : Optional.empty();
    }

    /// @param place where it is written, for the message
    /// @throws ConfigException if it is none
    public static ByteSize of(String place, String text) {
        return of(text).orElseThrow(() -> new ConfigException(place, "an amount of memory such as 16GB or 512MiB",
                "'" + text + "'", "write a number and KB, MB, GB, TB, KiB, MiB, GiB or TiB"));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s B", bytes);
    }
}
