package dev.socratic.cli.serve;

import dev.socratic.core.access.Gate;
import dev.socratic.core.secret.Secret;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// What a server may be told; [#of(int)] has the defaults.
///
/// @param host    address to listen on; `127.0.0.1` keeps it to this machine, `0.0.0.0` opens it to the network
/// @param port    0 takes any free one
/// @param names   further names by which clients may call it, in their `Host`
/// @param origins web pages that may ask it, as browsers write them: `https://example.org`
/// @param key     what clients must send as `Authorization: Bearer KEY`
/// @param limits  on connections, bytes and time
/// @param seeds   of requests that give none
/// @param clock   of the field `created`
public record ServeOptions(String host, int port, Set<String> names, Set<String> origins, Optional<Secret> key,
        ServeLimits limits,
        LongSupplier seeds, Clock clock) {
    public ServeOptions {
        names = Set.copyOf(names);
        origins = Set.copyOf(origins);
    }

    public static ServeOptions of(int port) {
        SecureRandom random = new SecureRandom();
        return new ServeOptions("127.0.0.1", port, Set.of(), Set.of(), Optional.empty(), ServeLimits.DEFAULT,
                () -> random.nextLong() >>> 1, Clock.systemUTC());
    }

    /// @return whether only this machine can connect
    public boolean local() {
        return Gate.loopback(host);
    }

    public ServeOptions withHost(String other) {
        return new ServeOptions(other, port, names, origins, key, limits, seeds, clock);
    }

    public ServeOptions withNames(Set<String> others) {
        return new ServeOptions(host, port, others, origins, key, limits, seeds, clock);
    }

    public ServeOptions withOrigins(Set<String> others) {
        return new ServeOptions(host, port, names, others, key, limits, seeds, clock);
    }

    public ServeOptions withKey(Secret other) {
        return new ServeOptions(host, port, names, origins, Optional.of(other), limits, seeds, clock);
    }

    public ServeOptions withLimits(ServeLimits others) {
        return new ServeOptions(host, port, names, origins, key, others, seeds, clock);
    }

    public ServeOptions withSeeds(LongSupplier others) {
        return new ServeOptions(host, port, names, origins, key, limits, others, clock);
    }

    public ServeOptions withClock(Clock other) {
        return new ServeOptions(host, port, names, origins, key, limits, seeds, other);
    }
}
