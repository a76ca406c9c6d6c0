package dev.socratic.generator.teacher;

import dev.socratic.core.secret.KeyLike;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where an endpoint is, as its config says it: `https://host/v1`, perhaps with a query (`?api-version=2024-10-21`),
/// with `${NAME}` where an environment variable stands in. It goes into every row, so it holds no key.
///
/// @param base  address without the query, without a slash at its end
/// @param query what stood behind the question mark
public record EndpointAddress(String base, Map<String, String> query) {
    private static final String REMEDY =
            "put the key into an environment variable and name it as key_env, or write ${NAME} where it belongs";

    public EndpointAddress {
        query = Map.copyOf(query);
    }

    /// @return its normal form: no blanks around it, no slash at the end of its path
    /// @throws IllegalArgumentException naming `base_url`; the text is not repeated, someone may have written a key
    /// into it
    public static String checked(String text) {
        String stripped = text.strip();
        try {
            URI address = new URI(EnvironmentVariables.without(stripped));
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (!http || address.getHost() == null) {
                throw new IllegalArgumentException("base_url: an address such as https://host/v1; got another text");
            }
            if (address.getUserInfo() != null || address.getFragment() != null) {
                throw new IllegalArgumentException(
                        "base_url: an address without user or fragment, for it goes into every row; got one with them; "
                                + REMEDY);
            }
            if (EnvironmentVariables.in(stripped.split("/", 4)[2])) {
                throw new IllegalArgumentException(
                        "base_url: variables behind the host only; got one in it; write the host as it is");
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("base_url: an address such as https://host/v1; got another text", e);
        }
        EndpointAddress parts = of(stripped);
        if (parts.base.endsWith("/completions")) {
            throw new IllegalArgumentException("base_url: the address up to and including the version; got one that "
                    + "ends in"
                    + " /completions; leave out what stands behind the version, it is added");
        }
        for (String segment : parts.base.split("/")) {
            if (!EnvironmentVariables.in(segment) && KeyLike.value(segment)) {
                throw new IllegalArgumentException(
                        "base_url: a path without keys, for it goes into every row; got a part that looks like one; "
                                + REMEDY);
            }
        }
        parts.query.forEach((name, value) -> checkQuery("base_url", name, value));
        int mark = stripped.indexOf('?');
        return parts.base + (mark < 0 ? "" : stripped.substring(mark));
    }

    /// @param key the key of the config where it stands
    public static void checkQuery(String key, String name, String value) {
        if (!EnvironmentVariables.in(value) && (KeyLike.name(name) || KeyLike.value(value))) {
            throw new IllegalArgumentException(
                    ("%s: query parameters without keys, for they are written into the run's folder; got '%s' with "
                            + "a value that"
                            + " looks like one; write ${NAME} and export the environment variable NAME")
                            .formatted(key, name));
        }
    }

    /// @param checked what [#checked] returned
    public static EndpointAddress of(String checked) {
        int mark = checked.indexOf('?');
        Map<String, String> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String part : checked.substring(mark + 1).split("&")) {
                int equals = part.indexOf('=');
                String name = equals < 0 ? part : part.substring(0, equals);
                if (!name.isEmpty()) {
                    query.put(decoded(name), equals < 0 ? "" : decoded(part.substring(equals + 1)));
                }
            }
        }
        return new EndpointAddress((mark < 0 ? checked : checked.substring(0, mark)).replaceAll("/+$", ""), query);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
