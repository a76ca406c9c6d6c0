package dev.socratic.cli.record;

import dev.socratic.core.secret.KeyLike;
import dev.socratic.core.secret.Secret;
import dev.socratic.core.secret.Secrets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The headers of one request or answer: which go on, which are kept, which hold keys.
///
/// Headers of one connection (RFC 9110, section 7.6.1) do not go on, nor those that `Connection` names.
final class PassedHeaders {
    /// Before a name: a client's metadata for the record, which does not go on to the endpoint.
    static final String META = "x-socratic-meta-";
    /// Says through which recorders a request came.
    static final String VIA = "x-socratic-record";

    private static final Set<String> OF_A_CONNECTION = Set.of("connection", "keep-alive", "proxy-authenticate",
            "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
            "http2-settings");
    /// Set anew for the endpoint.
    private static final Set<String> OURS = Set.of("host", "content-length", "expect", "accept-encoding", VIA);
    /// Of an answer, worth keeping.
    private static final Set<String> SAYING = Set.of("content-type", "retry-after", "x-request-id", "request-id",
            "openai-processing-ms", "openai-model", "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens",
            "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests",
            "x-ratelimit-reset-tokens");
    private static final Set<String> CREDENTIALS = Set.of("authorization", "proxy-authorization", "cookie");

    private final List<Map.Entry<String, String>> all;

    PassedHeaders(List<Map.Entry<String, String>> all) {
        this.all = List.copyOf(all);
    }

    private static String lower(Map.Entry<String, String> header) {
        return header.getKey().toLowerCase(Locale.ROOT);
    }

    private Set<String> ofTheConnection() {
        Set<String> names = new TreeSet<>(OF_A_CONNECTION);
        all.stream().filter(one -> lower(one).equals("connection"))
                .flatMap(one -> Arrays.stream(one.getValue().toLowerCase(Locale.ROOT).split(",")))
                .map(String::strip).forEach(names::add);
        return names;
    }

    /// @param ownKey whether a key of this proxy's takes the place of the client's
    List<Map.Entry<String, String>> toTheEndpoint(boolean ownKey) {
        Set<String> connection = ofTheConnection();
        return all.stream().filter(one -> !connection.contains(lower(one)) && !OURS.contains(lower(one))
                && !lower(one).startsWith(META) && !(ownKey && secret(one))).toList();
    }

    List<Map.Entry<String, String>> toTheClient() {
        Set<String> connection = ofTheConnection();
        return all.stream().filter(one -> !connection.contains(lower(one)) && !one.getKey().startsWith(":")).toList();
    }

    /// @return the compressions that both the client and this proxy read
    String encodings() {
        List<String> known = new ArrayList<>();
        all.stream().filter(one -> lower(one).equals("accept-encoding"))
                .flatMap(one -> Arrays.stream(one.getValue().toLowerCase(Locale.ROOT).split(",")))
                .map(String::strip).filter(one -> one.matches("gzip(\\s*;\\s*q=(1|0\\.\\d*[1-9]).*)?"))
                .findFirst().ifPresent(gzip -> known.add("gzip"));
        return known.isEmpty() ? "identity" : "gzip";
    }

    /// @param kept further names
    /// @return what the client says about its request, by name
    Map<String, String> metadata(Set<String> kept) {
        Map<String, String> metadata = new LinkedHashMap<>();
        all.forEach(one -> {
            String name = lower(one);
            if (name.startsWith(META) && name.length() > META.length()) {
                metadata.put(name.substring(META.length()), one.getValue());
            } else if (kept.contains(name) && !secret(one)) {
                metadata.put(name, one.getValue());
            }
        });
        return metadata;
    }

    /// @return what an answer's headers say about it
    Map<String, String> saying() {
        Map<String, String> saying = new LinkedHashMap<>();
        all.stream().filter(one -> SAYING.contains(lower(one))).forEach(one -> saying.put(lower(one), one.getValue()));
        return saying;
    }

    String first(String name) {
        return all.stream().filter(one -> lower(one).equals(name)).map(Map.Entry::getValue).findFirst().orElse("");
    }

    private static boolean secret(Map.Entry<String, String> header) {
        return CREDENTIALS.contains(lower(header)) || KeyLike.name(header.getKey());
    }

    /// @param query of the request
    /// @param own   a key of this proxy's
    /// @return everything in it that may be written nowhere
    Secrets secrets(String query, List<Secret> own) {
        List<Secret> secrets = new ArrayList<>(own);
        all.stream().filter(PassedHeaders::secret).forEach(one -> add(one.getValue().replaceFirst(
                "(?i)^(bearer|basic)\\s+", ""), secrets));
        for (String part : query.split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0 && KeyLike.name(part.substring(0, equals))) {
                add(part.substring(equals + 1), secrets);
            }
        }
        return new Secrets(secrets);
    }

    private static void add(String value, List<Secret> secrets) {
        if (!value.isBlank()) {
            secrets.add(Secret.fromEnvironment("sent", Map.of("sent", value)));
        }
    }
}
