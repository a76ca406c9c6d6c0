package dev.socratic.trainer.teacher;

import dev.socratic.core.error.Problem;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Atoms;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.TokenWeight;
import dev.socratic.trainer.objective.View;
import dev.socratic.trainer.plan.Planner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What of an objective a store can supply, from the objective and the store's header alone.
///
/// `dense` gives back the teacher's logits up to a constant at each position, so every term over logits that such a
/// constant does not change. `top_k` and `sampled` give the distribution of one temperature in part, so forward KL at
/// that temperature and nothing else.
final class StoreCapabilities {
    private final Objective objective;
    private final CaptureConfig capture;
    private final boolean first;
    private final List<Problem> problems = new ArrayList<>();

    private StoreCapabilities(Objective objective, CaptureConfig capture, boolean first) {
        this.first = first;
        this.objective = objective;
        this.capture = capture;
    }

    /// @param captures how each teacher's store was made, the largest teacher's first
    /// @return everything the stores cannot give, by place in the objective
    static List<Problem> problems(Objective objective, List<CaptureConfig> captures) {
        return IntStream.range(0, captures.size()).boxed()
                .flatMap(i -> problems(objective, captures.get(i), i == 0).stream()).distinct().toList();
    }

    private static List<Problem> problems(Objective objective, CaptureConfig capture, boolean first) {
        StoreCapabilities supply = new StoreCapabilities(objective, capture, first);
        if (!(objective.rollout() instanceof Rollout.Data)) {
            supply.add("rollout", "the rows of the data, which are all a store has",
                    Atoms.name(objective.rollout(), Rollout.class),
                    "write rollout: data, or name the teacher's folder instead of a store");
        }
        supply.problems.addAll(Planner.unsupportedByStore(objective));
        for (int i = 0; i < objective.terms().size(); i++) {
            Term term = objective.terms().get(i);
            if (term.needsTeacher() && !term.tap().isFeature()
                    && (first || term.against() instanceof Against.Teachers)) {
                supply.term("terms[%s]".formatted(i), term);
            }
        }
        return supply.problems;
    }

    private void term(String place, Term term) {
        if (capture.encoding() instanceof Encoding.Dense) {
            if (readsLevel(term)) {
                add(place + ".distance",
                        "a distance that a constant added to the logits does not change, for stored probabilities "
                                + "have lost it",
                        Atoms.name(term.distance(), Distance.class),
                        "put 'standardise' or 'softmax' among the views, or name the teacher's folder instead of a "
                                + "store");
            }
            return;
        }
        String name = Atoms.name(capture.encoding(), Encoding.class);
        String remedy = "capture with --encoding dense, or name the teacher's folder instead of a store";
        if (term.tokens().needsTeacher() && first) {
            add(place + ".tokens",
                    "weights that need no whole distribution, of which a store of '%s' has a part".formatted(name),
                    Atoms.name(term.tokens(), TokenWeight.class), remedy);
        }
        switch (term.against()) {
            case Against.Labels ignored -> { }
            case Against.Reference ignored -> { }
            case Against.Rejected ignored -> { }
            case Against.Teacher ignored -> part(place, term, name, remedy);
            case Against.Blend ignored ->
                    add(place + ".against", "teacher, the only side a store of '%s' can give".formatted(name), "blend",
                            remedy);
            case Against.Teachers teachers -> {
                weighing(place + ".against.teachers.weigh", teachers.weigh(), name, remedy);
                part(place, term, name, remedy);
            }
        }
    }

    /// `mean`, `sum` and `tag` need nothing of a teacher, `uncertainty` only what the student says.
    private void weighing(String place, Against.Weighing weighing, String name, String remedy) {
        switch (weighing) {
            case MEAN, SUM, UNCERTAINTY, TAG -> { }
            case POLICY ->
                    add(place, "weights that need no whole distribution, of which a store of '%s' has a part".formatted(
                            name), "policy", remedy);
            case LABEL -> {
                if (capture.encoding() instanceof Encoding.Sampled) {
                    add(place, "weights that need no label's probability, which a store of 'sampled' does not know",
                            "label", remedy);
                } else if (capture.temperature() != 1) {
                    add(place,
                            "a store at temperature 1, where a store of '%s' knows the label's probability".formatted(
                                    name),
                            plain(capture.temperature()),
                            "capture with --set temperature=1, or with --encoding dense, or name the teacher's "
                                    + "folder instead of a store");
                }
            }
        }
    }

    private void part(String place, Term term, String name, String remedy) {
        boolean forward = term.distance() instanceof Distance.Kl kl && kl.direction() == Distance.Direction.FORWARD
                && kl.skew() == 0;
        if (!forward) {
            add(place + ".distance", "forward kl without skew, all that a store of '%s' can give".formatted(name),
                    Atoms.text(term.distance(), Distance.class), remedy);
        }
        List<View> others = term.views().stream().filter(view -> !(view instanceof View.Temperature)).toList();
        others.forEach(view ->
                add(place + ".views",
                        "no view but temperature, for a store of '%s' has no whole distribution to look at".formatted(
                                name),
                Atoms.name(view, View.class), remedy));
        double tau = temperature(term);
        if (others.isEmpty() && tau != capture.temperature()) {
            add(place + ".views",
                    "a temperature of %s, the one the store was captured at".formatted(plain(capture.temperature())),
                    plain(tau),
                    "write views: [{temperature: {tau: %s}}], or capture with --set temperature=%s".formatted(
                            plain(capture.temperature()), plain(tau)));
        }
    }

    private static double temperature(Term term) {
        double tau = 1;
        for (View view : term.views()) {
            tau *= view instanceof View.Temperature t ? t.tau() : 1;
        }
        return tau;
    }

    /// What is not named here counts as reading the level: refusing is the safe side.
    private static boolean readsLevel(Term term) {
        boolean removed = term.views().stream()
                .anyMatch(view -> view instanceof View.Softmax || view instanceof View.Standardise
                || view instanceof View.Target || view instanceof View.Differences);
        boolean blind = term.distance() instanceof Distance.Divergence || term.distance() instanceof Distance.Pearson
                || term.distance() instanceof Distance.Ranking || term.distance() instanceof Distance.Sinkhorn;
        return !(term.against() instanceof Against.Labels) && !removed && !blind;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : Double.toString(value);
    }

    private void add(String where, String expected, String got, String remedy) {
        problems.add(new Problem("objective '%s'.%s".formatted(objective.name(), where), expected, got, remedy));
    }
}
