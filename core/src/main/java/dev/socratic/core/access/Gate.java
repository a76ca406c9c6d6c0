package dev.socratic.core.access;

import dev.socratic.core.json.Hashes;
import dev.socratic.core.secret.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Who may ask. A server on this machine is in reach of every web page that its user opens: a page can send simple
/// requests anywhere, and with a name of its own that it points at this machine it can read the answers too. So names
/// and pages are known or refused.
///
/// @param names   by which clients may call this server, in lower case
/// @param numeric whether they may also call it by any address: who listens to the network has several, and no page can
///                own one
/// @param origins web pages that may ask, beside those this server gives out itself
/// @param keys    digests of what clients must send; anybody may ask where there is none
public record Gate(Set<String> names, boolean numeric, Set<String> origins, List<byte[]> keys) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String NUMERIC = "[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]";

    /// Why somebody may not ask.
    ///
    /// @param status  of HTTP: 401 or 403
    /// @param code    in snake case
    /// @param message with its remedy
    public record Refusal(int status, String code, String message) {}

    /// @param host    address that is listened on
    /// @param further names by which clients may call it
    /// @param origins as browsers write them: `https://example.org`
    public static Gate of(String host, Set<String> further, Set<String> origins, Optional<Secret> key) {
        Set<String> names = new TreeSet<>(LOOPBACK);
        names.add(bracketed(host).toLowerCase(Locale.ROOT));
        further.forEach(name -> names.add(bracketed(name).toLowerCase(Locale.ROOT)));
        return new Gate(names, !loopback(host), origins, key.map(Secret::reveal).map(Gate::digest).stream().toList());
    }

    /// @return whether only this machine can connect to it
    public static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    public static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /// @param host   header `Host`; empty where there is none
    /// @param origin header `Origin`; empty where there is none
    /// @param cors   what the user writes to add an origin; empty where none can be added
    public Optional<Refusal> refused(String host, String origin, String cors) {
        String name = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        if (!known(name)) {
            return Optional.of(new Refusal(403, "host_not_allowed",
                    "Host: one of %s; got '%s'; start the server with --allow-host NAME to add a name"
                    .formatted(String.join(", ", names), host)));
        }
        if (!origin.isEmpty() && !origins.contains(origin) && !known(origin)) {
            return Optional.of(new Refusal(403, "origin_not_allowed", cors.isEmpty()
                    ? "Origin: this server's own page; got '%s'; open the address that the server printed"
                    .formatted(origin)
                    : "Origin: no web page but those this server is told of; got '%s'; start it with %s to add one"
                    .formatted(origin, cors)));
        }
        return Optional.empty();
    }

    private boolean known(String name) {
        if (name.contains("://")) {
            try {
                String host = URI.create(name).getHost();
                return host != null && names.contains(host.toLowerCase(Locale.ROOT));
            } catch (IllegalArgumentException odd) {
                return false;
            }
        }
        return names.contains(name) || numeric && name.matches(NUMERIC);
    }

    /// @param authorization header `Authorization`: `Bearer KEY`; empty where there is none
    public Optional<Refusal> unauthorized(String authorization) {
        return keys.isEmpty() || holds(bearer(authorization)) ? Optional.empty()
                : Optional.of(new Refusal(401, "invalid_api_key", (authorization.isEmpty()
                ? "Authorization: 'Bearer KEY' expected; got nothing"
                : "Authorization: another key expected") + "; send the key this server was started with"));
    }

    /// @return what stands behind `Bearer`; empty where it is something else
    public static String bearer(String authorization) {
        return authorization.regionMatches(true, 0, "Bearer ", 0, 7) ? authorization.substring(7).strip() : "";
    }

    /// @return whether that is one of the keys
    public boolean holds(String key) {
        byte[] digest = digest(key);
        boolean right = false;
        for (byte[] known : keys) {
            right |= MessageDigest.isEqual(known, digest);
        }
        return right;
    }

    /// Digests are of one length, so that comparing them tells nothing of the key.
    private static byte[] digest(String key) {
        return Hashes.sha256(key).getBytes(StandardCharsets.US_ASCII);
    }
}
