package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.Signals;
import dev.socratic.models.network.Tap;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Pairing;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.View;
import dev.socratic.trainer.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Terms that compare what happens inside the two bodies, over a whole micro-batch.
///
/// A term with several pairs of layers is the sum over them.
public final class FeatureTerms {
    private final Plan plan;
    private final List<Integer> terms;
    private final double progress;
    private final Kernel kernel;
    private final Views views;
    private final Distances distances;
    private final Projections projections;
    private final TermSums sums;
    private final MemoryBank banks;

    /// @param terms numbers of those that are read
    FeatureTerms(Plan plan, List<Integer> terms, double progress, Kernel kernel, Views views, Distances distances,
            Projections projections, TermSums sums, MemoryBank banks) {
        this.plan = plan;
        this.terms = terms;
        this.progress = progress;
        this.kernel = kernel;
        this.views = views;
        this.distances = distances;
        this.projections = projections;
        this.sums = sums;
        this.banks = banks;
    }

    /// @return what the student's forward pass is to hand out
    public Set<Tap> studentTaps() {
        Set<Tap> taps = new LinkedHashSet<>();
        eachPair((term, number, pair) -> {
            tap(term, pair.student()).ifPresent(taps::add);
            across(term, number)
                    .forEach(one -> taps.addAll(Set.of(new Tap.Embedding(), new Tap.Hidden(one.student()))));
        });
        return taps;
    }

    /// @return what the teacher's is
    public Set<Tap> teacherTaps() {
        Set<Tap> taps = new LinkedHashSet<>();
        eachPair((term, number, pair) -> {
            teacherLayers(term, pair).forEach(layer -> tap(term, layer).ifPresent(taps::add));
            across(term, number)
                    .forEach(one -> taps.addAll(Set.of(new Tap.Embedding(), new Tap.Hidden(one.teacher()))));
        });
        return taps;
    }

    /// @return whether it reads final states as tokens, heads and embeddings at once, for which
    ///         [FeatureInputs#spaces] is made
    public boolean readsSpaces() {
        return plan.featureTerms().stream()
                .anyMatch(number -> plan.objective().terms().get(number).tap().isDualSpace());
    }

    /// @return its share of the step's loss, weighted and divided: one number with its graph; nothing where every
    ///         weight is 0 now
    public Optional<NDArray> loss(FeatureInputs inputs) {
        NDArray[] sum = new NDArray[1];
        Optional<DualSpace> spaces = inputs.spaces()
                .map(both -> new DualSpace(kernel, projections::named, both));
        eachPair((term, number, pair) -> {
            Optional<Sides> seen = Optional.of(term).filter(one -> !one.tap().isDualSpace())
                    .map(one -> seen(one, number, pair, inputs));
            Sides.Items items = seen.map(Sides::items).orElse(Sides.Items.TOKENS);
            NDArray losses = seen.map(sides -> between(term, number, pair, sides))
                    .orElseGet(() -> spaces.orElseThrow().loss(term, views, distances, progress)); // [items]
            double share = share(items, losses, inputs) * plan.pairWeight(number, pair, progress);
            sums.add(number, items, losses, total -> total * share);
            double factor = plan.weight(number, progress) * share / TermSums.divisor(items, inputs.stepTokens(),
                    inputs.stepSamples());
            NDArray part = kernel.call("gathered_up", losses, factor); // []
            sum[0] = sum[0] == null ? part : kernel.call("plus", sum[0], part);
        });
        return Optional.ofNullable(sum[0]);
    }

    private NDArray between(Term term, int number, Pairing.Pair pair, Sides sides) {
        if (term.distance() instanceof Distance.InfoNce nce && nce.memoryBank() > 0) {
            Optional<NDArray> bank = banks.look(number, pair.student(), distances.rows(sides.other()));
            return bank.map(known -> distances.contrasted(nce, sides, known))
                    .orElseGet(() -> distances.between(nce, sides));
        }
        return distances.between(term.distance(), sides);
    }

    private Sides seen(Term term, int number, Pairing.Pair pair, FeatureInputs inputs) {
        ViewContext setting = new ViewContext(
                progress, Optional.empty(), Optional.of(inputs.positions()),
                projections.of(plan, number, pair.student()),
                Optional.of(inputs.teacherHead()));
        List<Pairing.Pair> across = across(term, number);
        if (!across.isEmpty()) {
            NDArray mine = layered(across.stream().map(Pairing.Pair::student).toList(), inputs.student(),
                    inputs.positions());
            NDArray theirs = kernel.call("plain",
                    layered(across.stream().map(Pairing.Pair::teacher).toList(), inputs.teacher(), inputs.positions()));
            return views.apply(term.views(),
                    new Sides(mine, theirs, term.tap().kind(), Sides.Items.TOKENS, Optional.empty()), setting);
        }
        NDArray student = grid(signal(term, pair.student(), inputs.student()));
        List<Sides> starts = teacherLayers(term, pair).stream()
                .map(layer -> grid(kernel.call("plain", signal(term, layer, inputs.teacher()))))
                .map(other -> new Sides(student, other, term.tap().kind(), Sides.Items.TOKENS, hidden(term, student)))
                .toList();
        if (starts.size() == 1) {
            return views.apply(term.views(), starts.getFirst(), setting);
        }
        int mixed = mixedAfter(term.views());
        List<Sides> many = starts.stream().map(start -> views.apply(term.views().subList(0, mixed), start, setting))
                .toList();
        Sides first = many.getFirst();
        NDArray mix = kernel.attended(first.student(), many.stream().map(Sides::other).toList());
        return views.apply(term.views().subList(mixed, term.views().size()), first.with(first.student(), mix), setting);
    }

    /// The layers that a term lays side by side; none where it compares pair by pair.
    private List<Pairing.Pair> across(Term term, int number) {
        return term.layers() instanceof Pairing.Across ? plan.pairs(number, progress) : List.of();
    }

    /// The embedding and some layers at the counting positions, `[tokens, layers, hidden]`.
    private NDArray layered(List<Integer> layers, Signals signals, Positions places) {
        List<NDArray> all = new ArrayList<>(List.of(signals.get(new Tap.Embedding())));
        layers.forEach(layer -> all.add(signals.get(new Tap.Hidden(layer))));
        return kernel.layered(all.stream()
                .map(x -> kernel.call("picked", grid(kernel.call("plain", x)), places.places())).toList());
    }

    /// Teacher layers are mixed when they are pooled and mapped; what follows sees the mix.
    private static int mixedAfter(List<View> views) {
        int after = 0;
        for (int i = 0; i < views.size(); i++) {
            after = views.get(i) instanceof View.Pool || views.get(i) instanceof View.Project ? i + 1 : after;
        }
        return after;
    }

    private List<Integer> teacherLayers(Term term, Pairing.Pair pair) {
        return term.layers() instanceof Pairing.Attended
                ? IntStream.range(0, plan.shapes().orElseThrow().teacher().layers() - 1).boxed().toList()
                : List.of(pair.teacher());
    }

    /// Channels have no count of their own: their mean stands for every token of the micro-batch.
    private static double share(Sides.Items items, NDArray losses, FeatureInputs inputs) {
        return switch (items) {
            case TOKENS -> 1;
            case SAMPLES -> 1;
            case CHANNELS -> (double) inputs.positions().places().size() / losses.size();
        };
    }

    private interface PairAction {
        void accept(Term term, int number, Pairing.Pair pair);
    }

    private void eachPair(PairAction action) {
        for (int number : terms) {
            Term term = plan.objective().terms().get(number);
            if (plan.weight(number, progress) != 0) {
                List<Pairing.Pair> pairs = plan.pairs(number, progress);
                // What is laid side by side is one comparison.
                (term.layers() instanceof Pairing.Across ? pairs.subList(0, 1) : pairs)
                        .forEach(pair -> action.accept(term, number, pair));
            }
        }
    }

    /// @return what to ask the forward pass for; the final states come without asking
    private static Optional<Tap> tap(Term term, int layer) {
        return switch (term.tap()) {
            case dev.socratic.trainer.objective.Tap.Logits ignored -> Optional.empty();
            case dev.socratic.trainer.objective.Tap.SequenceLogProb ignored -> Optional.empty();
            case dev.socratic.trainer.objective.Tap.Embedding ignored -> Optional.of(new Tap.Embedding());
            case dev.socratic.trainer.objective.Tap.Hidden ignored ->
                term.layers() instanceof Pairing.Output ? Optional.empty() : Optional.of(new Tap.Hidden(layer));
            case dev.socratic.trainer.objective.Tap.Attention ignored -> Optional.of(new Tap.Scores(layer));
            case dev.socratic.trainer.objective.Tap.Queries ignored -> Optional.of(new Tap.Queries(layer));
            case dev.socratic.trainer.objective.Tap.Keys ignored -> Optional.of(new Tap.Keys(layer));
            case dev.socratic.trainer.objective.Tap.Values ignored -> Optional.of(new Tap.Values(layer));
            case dev.socratic.trainer.objective.Tap.StudentSpace ignored -> Optional.empty();
            case dev.socratic.trainer.objective.Tap.TeacherSpace ignored -> Optional.empty();
        };
    }

    /// Taps are float32 whatever a model computes in; so are the final states from here on.
    private NDArray signal(Term term, int layer, Signals signals) {
        return tap(term, layer).map(signals::get).orElseGet(() -> kernel.call("widened", signals.states()));
    }

    /// `[batch, seq, hidden]` gets one group: `[batch, 1, seq, hidden]`.
    private static NDArray grid(NDArray x) {
        return x.getShape().dimension() == 4 ? x : x.expandDims(1);
    }

    /// Attention compares what a position can see.
    private Optional<NDArray> hidden(Term term, NDArray student) {
        return term.tap() instanceof dev.socratic.trainer.objective.Tap.Attention
                ? Optional.of(kernel.call("later", Arg.of(student), Arg.of(false))) // [1, 1, seq, seq]
                : Optional.empty();
    }
}
