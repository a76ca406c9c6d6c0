package dev.socratic.cli.serve;

import dev.socratic.core.json.Hashes;
import dev.socratic.core.secret.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpHeader;

/// Who may ask. A server on this machine is in reach of every web page that its user opens: a page can send simple
/// requests anywhere, and with a name of its own that it points at this machine it can read the answers too. So names
/// and pages are known or refused.
///
/// @param names   by which clients may call this server, in lower case
/// @param numeric whether they may also call it by any address: who listens to the network has several, and no page can
///                own one
record Gate(Set<String> names, boolean numeric, Set<String> origins, List<byte[]> keys) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String NUMERIC = "[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]";

    static Gate of(ServeOptions options) {
        Set<String> names = new TreeSet<>(LOOPBACK);
        names.add(bracketed(options.host()).toLowerCase(Locale.ROOT));
        options.names().forEach(name -> names.add(bracketed(name).toLowerCase(Locale.ROOT)));
        return new Gate(names, !loopback(options.host()), options.origins(),
                options.key().stream().map(Secret::reveal).map(Gate::digest).toList());
    }

    /// @return whether only this machine can connect to it
    static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /// @throws ApiFailure 403 or 401
    void check(ServedRequest exchange) {
        String host = exchange.header(HttpHeader.HOST);
        String name = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        if (!known(name)) {
            throw ApiFailure.refused(403, "host_not_allowed",
                    "Host: one of %s; got '%s'; start the server with --allow-host NAME to add a name"
                    .formatted(String.join(", ", names), host));
        }
        String origin = exchange.header(HttpHeader.ORIGIN);
        if (!origin.isEmpty() && !origins.contains(origin) && !known(origin)) {
            throw ApiFailure.refused(403, "origin_not_allowed",
                    ("Origin: no web page but those this server is told of; got '%s'; start it with --cors "
                            + "ORIGIN to add one").formatted(origin));
        }
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

    /// @throws ApiFailure 401 if there is a key and it is not the right one
    void checkKey(ServedRequest exchange) {
        String sent = exchange.header(HttpHeader.AUTHORIZATION);
        byte[] digest = digest(sent.regionMatches(true, 0, "Bearer ", 0, 7) ? sent.substring(7).strip() : "");
        boolean right = keys.isEmpty();
        for (byte[] key : keys) {
            right |= MessageDigest.isEqual(key, digest);
        }
        if (!right) {
            exchange.header(HttpHeader.WWW_AUTHENTICATE, "Bearer");
            throw ApiFailure.refused(401, "invalid_api_key", (sent.isEmpty()
                    ? "Authorization: 'Bearer KEY' expected; got nothing"
                    : "Authorization: another key expected") + "; send the key this server was started with");
        }
    }

    /// Lets a page that may ask read the answer too.
    void name(ServedRequest exchange) {
        String origin = exchange.header(HttpHeader.ORIGIN);
        if (origins.contains(origin)) {
            exchange.header(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            exchange.header(HttpHeader.VARY, "Origin");
        }
    }

    /// Digests are of one length, so that comparing them tells nothing of the key.
    private static byte[] digest(String key) {
        return Hashes.sha256(key).getBytes(StandardCharsets.US_ASCII);
    }
}
