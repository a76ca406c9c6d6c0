package dev.socratic.cli.serve;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What a server may be told; [#of(int)] has the defaults.
///
/// @param host        address to listen on; `127.0.0.1` keeps it to this machine, `0.0.0.0` opens it to the network
/// @param port        0 takes any free one
/// @param gather      how long the first request of a unit waits for others
/// @param mostWaiting requests beyond this are refused with 503
/// @param hook        answers piece by piece; without it a stream brings the whole text in one piece
/// @param seeds       of requests that give none
/// @param clock       of the field `created`
public record ServeOptions(
        String host, int port, Duration gather, int mostWaiting, Optional<StreamHook> hook, LongSupplier seeds, Clock clock) {

    public static ServeOptions of(int port) {
        SecureRandom random = new SecureRandom();
        return new ServeOptions(
                "127.0.0.1", port, Duration.ofMillis(5), 1_024, Optional.empty(), () -> random.nextLong() >>> 1, Clock.systemUTC());
    }

    public ServeOptions withHook(StreamHook other) {
        return new ServeOptions(host, port, gather, mostWaiting, Optional.of(other), seeds, clock);
    }

    public ServeOptions withHost(String other) {
        return new ServeOptions(other, port, gather, mostWaiting, hook, seeds, clock);
    }
}
