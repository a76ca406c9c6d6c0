package dev.socratic.core.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Takes known secrets out of text: error messages of servers, addresses, headers.
public final class Secrets {
    /// Shorter ones would blot out words that are no secret, and are none themselves.
    private static final int SHORTEST = 4;

    private final List<String> spellings;

    public Secrets(Collection<Secret> secrets) {
        this.spellings = secrets.stream()
                .map(Secret::reveal)
                .filter(value -> value.length() >= SHORTEST)
                .flatMap(value -> Stream.of(value, URLEncoder.encode(value, StandardCharsets.UTF_8), base64(value)))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /// @return the text with `***` for every secret, whether as it is, as part of an address or in Base64
    public String redact(String text) {
        String clean = text;
        for (String spelling : spellings) {
            clean = clean.replace(spelling, "***");
        }
        return clean;
    }

    private static String base64(String value) {
        return Base64.getEncoder().withoutPadding().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }
}
