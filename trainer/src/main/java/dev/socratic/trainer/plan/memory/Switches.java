package dev.socratic.trainer.plan.memory;

import dev.socratic.core.config.Copies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What to write so that a training fits: of all sets of [Switch]es and sizes of the micro-batch those that fit, the
/// one that costs least. First comes what leaves the numbers as they are, then what changes their rounding, last
/// another method.
///
/// @param microTokens of the micro-batch
/// @param on          switches, in their order
/// @param training    with all of it
/// @param time        of a step, about, in that of the training as it was
public record Switches(int microTokens, List<Switch> on, TrainingMemory training, double time) {
    /// What half a micro-batch costs: smaller products.
    private static final double OF_HALF = 1.03;

    public Switches {
        on = List.copyOf(on);
    }

    /// @param training as it is
    /// @param limit    bytes
    /// @return the cheapest that fits; empty where none does
    public static Optional<Switches> fitting(TrainingMemory training, long limit) {
        if (smallest(training).training().peak().total() > limit) {
            return Optional.empty();
        }
        return ordered(training).stream().map(Candidate::applied).flatMap(Optional::stream)
                .filter(one -> one.training().peak().total() <= limit).findFirst();
    }

    /// @return the training that takes least, whatever it costs: with one row at a time, and of all switches so many
    ///         that no other goes with them
    public static Switches smallest(TrainingMemory training) {
        List<Candidate> all = ordered(training);
        int least = all.stream().mapToInt(Candidate::microTokens).min().orElseThrow();
        List<Candidate> small = all.stream().filter(one -> one.microTokens() == least).toList();
        List<Set<Switch>> sets = small.stream().map(one -> Set.copyOf(one.on())).toList();
        return small.stream().filter(one -> sets.stream().noneMatch(other ->
                        other.size() > one.on().size() && other.containsAll(one.on())))
                .map(Candidate::applied).flatMap(Optional::stream)
                .min(Comparator.comparingLong(one -> one.training().peak().total())).orElseThrow();
    }

    /// @return every switch alone, and half the micro-batch, the cheapest in time first
    public static List<Switches> single(TrainingMemory training) {
        int tokens = training.config().microTokens();
        int half = Math.max(training.config().longest(), tokens / 2);
        List<Candidate> all = new ArrayList<>();
        if (half < tokens) {
            all.add(new Candidate(training, half, OF_HALF, List.of()));
        }
        List.of(Switch.values()).forEach(one -> all.add(new Candidate(training, tokens, 1, List.of(one))));
        return all.stream().map(Candidate::applied).flatMap(Optional::stream)
                .sorted(Comparator.comparingDouble(Switches::time)).toList();
    }

    private record Candidate(TrainingMemory from, int microTokens, double halves, List<Switch> on) {
        double price() {
            return halves * on.stream().mapToDouble(Switch::price).reduce(1, (a, b) -> a * b);
        }

        Optional<Switches> applied() {
            Optional<TrainingMemory> made = Optional.of(from.with(
                    Copies.with(from.config(), Map.of("microTokens", microTokens))));
            for (Switch one : on) {
                made = made.flatMap(one::on);
            }
            double time = halves * on.stream().mapToDouble(Switch::time).reduce(1, (a, b) -> a * b);
            return made.map(training -> new Switches(microTokens, on, training, time));
        }
    }

    private static List<Candidate> ordered(TrainingMemory training) {
        List<Switch> known = List.of(Switch.values()).stream().filter(one -> one.on(training).isPresent()).toList();
        List<Candidate> all = new ArrayList<>();
        int longest = training.config().longest();
        double halves = 1;
        for (int tokens = training.config().microTokens();; tokens = Math.max(longest, tokens / 2)) {
            for (int set = 0; set < 1 << known.size(); set++) {
                int chosen = set;
                List<Switch> on = known.stream().filter(one -> (chosen & 1 << known.indexOf(one)) != 0).toList();
                if (Switch.together(Set.copyOf(on))) {
                    all.add(new Candidate(training, tokens, halves, on));
                }
            }
            if (tokens <= longest) {
                break;
            }
            halves *= OF_HALF;
        }
        all.sort(Comparator.comparingDouble(Candidate::price));
        return all;
    }

    /// @return what to paste, a line a key
    public List<String> yaml(TrainingMemory before) {
        List<String> lines = new ArrayList<>();
        if (microTokens != before.config().microTokens()) {
            lines.add("micro_tokens: " + microTokens);
        }
        lines.addAll(Switch.yaml(on));
        return lines;
    }
}
