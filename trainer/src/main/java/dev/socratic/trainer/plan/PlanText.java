package dev.socratic.trainer.plan;

import dev.socratic.trainer.objective.Pairing;
import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.objective.Term;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a plan will do, to be read before it runs.
public final class PlanText {
    private PlanText() {}

    /// @return terms with their weights over the run, the layers they pair, and the maps they create
    public static String of(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%s: sum of %d term(s), over %d token ids%n", plan.objective().name(), plan.objective().terms().size(), plan.sharedVocab()));
        for (int i = 0; i < plan.objective().terms().size(); i++) {
            Term term = plan.objective().terms().get(i);
            text.append(String.format(Locale.ROOT, "  term %d, weight %s: %s%n", i, weights(plan, i), term.text()));
            if (term.tap().layered()) {
                text.append(String.format(Locale.ROOT, "    layers, student with teacher: %s%n", layers(plan, i, term)));
            }
        }
        List<ProjectionSpec> maps = plan.projections();
        if (!maps.isEmpty()) {
            long weights = maps.stream().mapToLong(map -> (long) map.in() * map.out()).sum();
            text.append(String.format(Locale.ROOT, "  learned besides the student, never part of it: %,d weights%n", weights));
            maps.forEach(map -> text.append(String.format(Locale.ROOT, "    %s: %d to %d%n", map.name(), map.in(), map.out())));
        }
        return text.toString();
    }

    /// One number where it never changes, else those at the start, in the middle and at the end.
    private static String weights(Plan plan, int term) {
        List<String> three = java.util.stream.DoubleStream.of(0, 0.5, 1)
                .mapToObj(progress -> String.format(Locale.ROOT, "%.4g", plan.weight(term, progress)))
                .toList();
        return three.stream().distinct().count() == 1 ? three.getFirst() : String.join(" .. ", three);
    }

    private static String layers(Plan plan, int number, Term term) {
        if (term.layers() instanceof Pairing.Attended) {
            return plan.pairs(number, 1).stream().map(pair -> pair.student() + " with a mix").collect(Collectors.joining(", "));
        }
        String pairs = plan.pairs(number, 1).stream().map(pair -> pair.student() + " with " + pair.teacher()).collect(Collectors.joining(", "));
        return switch (term.layers()) {
            case Pairing.Random ignored -> pairs + " at the end, drawn anew before";
            case Pairing.Unlocking ignored -> pairs + ", one after the other";
            case Pairing.Output ignored -> term.tap() instanceof Tap.Hidden ? "the final states" : pairs;
            case Pairing.Last ignored -> pairs;
            case Pairing.OneToOne ignored -> pairs;
            case Pairing.Uniform ignored -> pairs;
            case Pairing.Attended ignored -> pairs;
            case Pairing.Explicit ignored -> pairs;
        };
    }
}
