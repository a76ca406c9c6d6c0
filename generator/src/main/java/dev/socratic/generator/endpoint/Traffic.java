package dev.socratic.generator.endpoint;

import dev.socratic.core.text.TextModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What went over the wire, counted since the model was opened, and now and then said. Safe to call from any thread.
public final class Traffic {
    /// Nanoseconds between two lines about it: a minute, so that a night's log has a thousand.
    private static final long BETWEEN = 60_000_000_000L;

    private final LongAdder sent = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder limited = new LongAdder();
    private final LongAdder cached = new LongAdder();
    private final Notes notes;
    private final Timekeeper time;
    private final AtomicLong due;

    Traffic(Notes notes, Timekeeper time) {
        this.notes = notes;
        this.time = time;
        this.due = new AtomicLong(time.nanos());
    }

    void countSent() {
        sent.increment();
    }

    void countRetried() {
        retried.increment();
    }

    /// The server turned a request away for the time being.
    void countLimited() {
        limited.increment();
    }

    void countCached() {
        cached.increment();
    }

    /// Says once in a while that requests are sent again.
    ///
    /// @param why what happened, where more is known
    void tell(String why) {
        long now = time.nanos();
        long moment = due.get();
        if (now - moment >= 0 && due.compareAndSet(moment, now + BETWEEN)) {
            notes.say("%s; so far %s of %s requests were sent again, %s were told to slow down".formatted(why,
                    retried(), sent(), limited()));
        }
    }

    /// @return requests that left, retries included
    public long sent() {
        return sent.sum();
    }

    /// @return requests that left a second time or more
    public long retried() {
        return retried.sum();
    }

    /// @return requests the server turned away for the time being: 429, and what means the same
    public long limited() {
        return limited.sum();
    }

    /// @return answers that came from disk, for which nothing left
    public long cached() {
        return cached.sum();
    }

    /// For the manifest: nothing where every request was answered the first time.
    Map<String, Object> notes(List<String> leftOut) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (retried() > 0) {
            all.put("requests_sent", sent());
            all.put("requests_sent_again", retried());
            all.put("requests_told_to_slow_down", limited());
        }
        if (!leftOut.isEmpty()) {
            all.put(TextModel.REFUSED_FIELDS, leftOut);
        }
        return all;
    }
}
