package dev.socratic.models.generate;

/// What a [Scheduler] has done so far.
///
/// @param prompts tokens of all texts that were to be read
/// @param shared  how many of them were there already
/// @param read    how many were read
/// @param gaveUp  how often an answer was given up for want of memory and taken up again later
/// @param peak    bytes that the cache took at most
public record SchedulerCounts(long prompts, long shared, long read, long gaveUp, long peak) {
    static final SchedulerCounts NONE = new SchedulerCounts(0, 0, 0, 0, 0);

    SchedulerCounts joined(int tokens, int there) {
        return new SchedulerCounts(prompts + tokens, shared + there, read, gaveUp, peak);
    }

    SchedulerCounts read(int tokens) {
        return new SchedulerCounts(prompts, shared, read + tokens, gaveUp, peak);
    }

    SchedulerCounts withGivenUp() {
        return new SchedulerCounts(prompts, shared, read, gaveUp + 1, peak);
    }

    SchedulerCounts held(long bytes) {
        return new SchedulerCounts(prompts, shared, read, gaveUp, Math.max(peak, bytes));
    }
}
