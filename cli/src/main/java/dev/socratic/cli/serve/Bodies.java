package dev.socratic.cli.serve;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of requests are held at once, all clients together.
public final class Bodies {
    private final AtomicLong free;

    public Bodies(long most) {
        this.free = new AtomicLong(most);
    }

    /// @throws ApiFailure if there is no room for so many more
    void take(long bytes) {
        if (free.addAndGet(-bytes) < 0) {
            free.addAndGet(bytes);
            throw ApiFailure.overload("the requests of all clients together are too large for the memory "
                    + "now; try again later or send less");
        }
    }

    void give(long bytes) {
        free.addAndGet(bytes);
    }
}
