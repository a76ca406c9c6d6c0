package dev.socratic.cli.serve;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/// A histogram of durations as Prometheus counts them: how many were at most so long, for a few bounds, and their sum.
final class Seconds {
    /// Bounds, in seconds: of an answer's beginning, and of a whole request.
    static final List<Double> FIRST = List.of(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0);
    static final List<Double> REQUEST = List.of(0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
            600.0);

    private final List<Double> bounds;
    /// How many fell between a bound and the one before it; the last is beyond all.
    private final List<LongAdder> counts;
    private final LongAdder nanos = new LongAdder();

    Seconds(List<Double> bounds) {
        this.bounds = bounds;
        this.counts = Stream.generate(LongAdder::new).limit(bounds.size() + 1L).toList();
    }

    /// What a line of a histogram consists of.
    @FunctionalInterface
    interface Line {
        void write(String suffix, String labels, double value);
    }

    void add(long duration) {
        int at = 0;
        while (at < bounds.size() && duration > bounds.get(at) * 1e9) {
            at++;
        }
        counts.get(at).increment();
        nanos.add(duration);
    }

    /// @param label which histogram of its name it is
    void write(String label, Line line) {
        long sum = 0;
        for (int i = 0; i < counts.size(); i++) {
            sum += counts.get(i).sum();
            String bound = i < bounds.size() ? String.valueOf(bounds.get(i)) : "+Inf";
            line.write("_bucket", "%s,le=\"%s\"".formatted(label, bound), sum);
        }
        line.write("_sum", label, nanos.sum() / 1e9);
        line.write("_count", label, sum);
    }
}
