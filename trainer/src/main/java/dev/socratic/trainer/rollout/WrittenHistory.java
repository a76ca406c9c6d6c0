package dev.socratic.trainer.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/// What the written steps of a run were like, as far as its alarms look back; part of the checkpoint, for alarms act.
///
/// @param first        the first written steps
/// @param last         the last ones
/// @param maxNewTokens longest answer from now on, where an alarm has shortened it
/// @param stop         why the run ends with this step, where an alarm says so
public record WrittenHistory(List<Seen> first, List<Seen> last, Optional<Integer> maxNewTokens,
        Optional<String> stop) {
    public static final WrittenHistory NONE = new WrittenHistory(List.of(), List.of(), Optional.empty(),
            Optional.empty());

    public WrittenHistory {
        first = List.copyOf(first);
        last = List.copyOf(last);
    }

    /// @param tokens  mean length of the answers
    /// @param cutOff  share without an end
    /// @param entropy of the student along them, nats a token; empty where it was not measured
    public record Seen(double tokens, double cutOff, Optional<Double> entropy) {}

    /// @param steps how many are remembered at each end
    public WrittenHistory with(Seen step, int steps) {
        List<Seen> newest = new ArrayList<>(last);
        newest.add(step);
        return new WrittenHistory(first.size() < steps ? added(step) : first,
                newest.subList(Math.max(0, newest.size() - steps), newest.size()), maxNewTokens, stop);
    }

    private List<Seen> added(Seen step) {
        List<Seen> all = new ArrayList<>(first);
        all.add(step);
        return all;
    }

    /// @return the same with shorter answers from now on; what was written before is not looked at again
    public WrittenHistory shortened(int most) {
        return new WrittenHistory(first, List.of(), Optional.of(most), stop);
    }

    /// @return the same, which ends the run
    public WrittenHistory stopped(String why) {
        return new WrittenHistory(first, last, maxNewTokens, Optional.of(why));
    }

    /// @return mean over some steps; empty where one of them does not know it
    public static OptionalDouble mean(List<Seen> steps, Function<Seen, Optional<Double>> of) {
        List<Double> known = steps.stream().flatMap(step -> of.apply(step).stream()).toList();
        return known.size() < steps.size() || steps.isEmpty() ? OptionalDouble.empty()
                : known.stream().mapToDouble(Double::doubleValue).average();
    }
}
