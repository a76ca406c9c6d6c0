package dev.socratic.cli.record;

import dev.socratic.cli.serve.ServeLimits;
import dev.socratic.core.access.Gate;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.secret.Secret;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How a recording proxy is set up.
///
/// @param host      address to listen on
/// @param names     further names by which clients may call it
/// @param origins   web pages that may ask
/// @param to        the endpoint, up to and including its version, without a slash at its end and without a query
/// @param query     of every request to the endpoint; empty where there is none
/// @param key       sent to the endpoint in place of what the client sends
/// @param clientKey that clients must send; whoever reaches the port may ask where there is none
/// @param kept      headers of requests that are recorded as metadata, in lower case
/// @param silence   of the endpoint, after which it is given up
/// @param limits    of the clients
/// @param clock     of the times in the record
public record RecordOptions(String host, Set<String> names, Set<String> origins, URI to, String query,
        Optional<Secret> key, Optional<Secret> clientKey, Set<String> kept, Duration silence, ServeLimits limits,
        Clock clock) {

    /// Bodies of up to 64 MiB; a client has five minutes to send one and may stop reading for two.
    public static final ServeLimits LIMITS = new ServeLimits(1_024, 1_024, 64L << 20,
            Runtime.getRuntime().maxMemory() / 10, Duration.ofSeconds(20), Duration.ofMinutes(5),
            Duration.ofSeconds(75), Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofSeconds(20));

    /// One in front of an endpoint, with everything else as it is where nothing is said.
    public static RecordOptions to(URI to) {
        return new RecordOptions("127.0.0.1", Set.of(), Set.of(), to, "", Optional.empty(), Optional.empty(), Set.of(),
                Duration.ofMinutes(10), LIMITS, Clock.systemUTC());
    }

    /// A proxy in front of itself would ask itself for ever. Loops by way of others are seen when they happen.
    ///
    /// @param port it listens on
    /// @throws ConfigException if the endpoint's address is its own
    void requireOther(int port) {
        String there = to.getHost().toLowerCase(Locale.ROOT);
        boolean here = Gate.loopback(there) || there.equals(host.toLowerCase(Locale.ROOT)) || names.contains(there);
        if (here && (to.getPort() == port)) {
            throw new ConfigException("--to", "the address of an endpoint", "'%s', where this recorder itself listens"
                    .formatted(to), "name the endpoint, or another --port");
        }
    }

    public RecordOptions withKey(Secret other) {
        return new RecordOptions(host, names, origins, to, query, Optional.of(other), clientKey, kept, silence, limits,
                clock);
    }

    public RecordOptions withSilence(Duration other) {
        return new RecordOptions(host, names, origins, to, query, key, clientKey, kept, other, limits, clock);
    }
}
