package dev.socratic.core.progress;

import java.util.ArrayDeque;
import java.util.Deque;

/// Items a second over the last half minute. Not over the whole run: a resumed one begins with items that took no time.
final class Rate {
    private static final long WINDOW_MILLIS = 30_000;
    private static final long STEP_MILLIS = 500;

    private record Sample(long millis, long done) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    void add(long millis, long done) {
        if (samples.isEmpty() || millis - samples.getLast().millis() >= STEP_MILLIS) {
            samples.addLast(new Sample(millis, done));
        }
        while (samples.size() > 2 && millis - samples.getFirst().millis() > WINDOW_MILLIS) {
            samples.removeFirst();
        }
    }

    /// @return items a second, or 0 while there is nothing to tell it from
    double perSecond(long millis, long done) {
        if (samples.isEmpty() || millis <= samples.getFirst().millis()) {
            return 0;
        }
        return 1000.0 * (done - samples.getFirst().done()) / (millis - samples.getFirst().millis());
    }
}
