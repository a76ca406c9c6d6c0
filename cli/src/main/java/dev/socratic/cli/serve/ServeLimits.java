package dev.socratic.cli.serve;

import java.time.Duration;

/// How much of everything a server takes on; beyond it, requests are refused and connections closed. [#DEFAULT] is what
/// `serve` has.
///
/// @param connections open at once
/// @param waiting     answers that may wait for their turn
/// @param body        bytes of one request
/// @param bodies      bytes of the requests of all clients together, as long as each is under way
/// @param head        from the first byte of a request to the end of its head
/// @param sending     from there to the end of its body
/// @param idle        between two requests of a connection
/// @param stalled     a client that takes nothing of what it is sent
/// @param answer      from the end of a request to the end of its answer
/// @param drain       for what is under way when the server is told to end
public record ServeLimits(int connections, int waiting, long body, long bodies, Duration head, Duration sending,
        Duration idle,
        Duration stalled, Duration answer, Duration drain) {

    /// A body of 16 MiB is a conversation of some million tokens. What is made of a body while it is read (texts,
    /// messages, the prompt) takes up to eight times its room, and half of the heap is given to all of them.
    public static final ServeLimits DEFAULT = new ServeLimits(1_024, 1_024, 16L << 20, Runtime.getRuntime()
            .maxMemory() / 16,
            Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(75), Duration.ofSeconds(30),
            Duration.ofMinutes(10), Duration.ofSeconds(20));

    ServeLimits withWaiting(int other) {
        return new ServeLimits(connections, other, body, bodies, head, sending, idle, stalled, answer, drain);
    }

    public ServeLimits withAnswer(Duration other) {
        return new ServeLimits(connections, waiting, body, bodies, head, sending, idle, stalled, other, drain);
    }

    public ServeLimits withDrain(Duration other) {
        return new ServeLimits(connections, waiting, body, bodies, head, sending, idle, stalled, answer, other);
    }
}
