package dev.socratic.generator.endpoint;

import java.util.concurrent.atomic.LongAdder;

/// What went over the wire, counted since the model was opened. Safe to call from any thread.
public final class Traffic {
    private final LongAdder sent = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder cached = new LongAdder();

    void countSent() {
        sent.increment();
    }

    void countRetried() {
        retried.increment();
    }

    void countCached() {
        cached.increment();
    }

    /// @return requests that left, retries included
    public long sent() {
        return sent.sum();
    }

    /// @return requests that left a second time or more
    public long retried() {
        return retried.sum();
    }

    /// @return answers that came from disk, for which nothing left
    public long cached() {
        return cached.sum();
    }
}
