package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One summand of an objective: `weight(progress) x mean over items of distance(other side, student side)`.
///
/// @param tap      the signal
/// @param views    applied to both sides in order
/// @param layers   which layers are paired; for taps that sit in layers
/// @param against  the other side
/// @param distance how they are compared
/// @param tokens   how much each loss token counts
/// @param weight   of the term
/// @param pass     in which pass it is read, where the objective makes two
/// @param on       which rows it looks at, where a step has two of each
public record Term(
        @Default("logits") Tap tap,
        @Default("[]") List<View> views,
        @Default("output") Pairing layers,
        @Default("teacher") Against against,
        Distance distance,
        @Default("equal") TokenWeight tokens,
        @Default("1") Schedule weight,
        @Default("plain") Pass pass,
        @Default("data") On on) {
    /// @throws IllegalArgumentException if two choices have no meaning together
    public Term {
        views = List.copyOf(views);
        Kind kind = kindAfter(tap, views);
        checkViews(tap, views);
        if (!distance.kinds().contains(kind)) {
            throw new IllegalArgumentException(
                    "distance '%s' needs %s, but signal '%s' ends as %s after %s view(s); %s".formatted(
                    Atoms.name(distance, Distance.class), distance.kinds(), Atoms.name(tap, Tap.class), kind,
                    views.size(), remedy(kind)));
        }
        checkAgainst(tap, views, against, distance);
        boolean parts = views.stream().anyMatch(view -> view instanceof View.Spans);
        require(!parts || distance instanceof Distance.Jsd || distance instanceof Distance.TotalVariation
                || distance instanceof Distance.Gap,
                ("distance: what 'spans' leaves need not sum to 1, where '%s' may be negative; write jsd, "
                        + "total_variation or l1").formatted(Atoms.name(distance, Distance.class)));
        if (tap.isFeature() && !(tokens instanceof TokenWeight.Equal)) {
            throw new IllegalArgumentException(
                    "tokens '%s' is read from the logits, but the term's tap is '%s'; write tokens: equal"
                    .formatted(Atoms.name(tokens, TokenWeight.class), Atoms.name(tap, Tap.class)));
        }
        require(!(layers instanceof Pairing.Across) || tap instanceof Tap.Hidden && !views.isEmpty()
                && views.getFirst() instanceof View.Relation,
                "layers: 'across' lays a position's states side by side; write tap: hidden and a relation as the "
                        + "first view");
        boolean banked = distance instanceof Distance.InfoNce nce && nce.memoryBank() > 0;
        boolean shaped = views.stream()
                .anyMatch(view ->
                        !(view instanceof View.Pool || view instanceof View.Project || view instanceof View.Unit
                                || view instanceof View.Phrases));
        require(!banked || (tap instanceof Tap.Hidden || tap instanceof Tap.Embedding) && !shaped
                && !(layers instanceof Pairing.Attended),
                "info_nce.memory_bank keeps the teacher's own states; write tap: hidden, views of pool, project "
                        + "and unit, "
                        + "and layers that pair one with one");
        AnswerTerms.check(tap, views, against, distance, tokens, weight, on);
        require(pass == Pass.PLAIN || !(tap instanceof Tap.SequenceLogProb)
                && !(distance instanceof Distance.Kl kl
                        && (kl.curriculum().isPresent() || kl.estimate() instanceof Estimate.Sampled)),
                "pass: terms over whole answers are read in the plain pass; remove it");
        if (!tap.layered() && !(layers instanceof Pairing.Output)) {
            throw new IllegalArgumentException("layers '%s' pairs layers, but '%s' sits in none; remove it"
                    .formatted(Atoms.name(layers, Pairing.class), Atoms.name(tap, Tap.class)));
        }
    }

    private static Kind kindAfter(Tap tap, List<View> views) {
        Kind kind = tap.kind();
        for (int i = 0; i < views.size(); i++) {
            Kind before = kind;
            View view = views.get(i);
            int at = i;
            kind = view.map(before).orElseThrow(() ->
                    new IllegalArgumentException("views[%s]: '%s' has no meaning for %s, which '%s' is there; %s"
                    .formatted(at, Atoms.name(view, View.class), before, Atoms.name(tap, Tap.class), wanted(view))));
        }
        return kind;
    }

    private static String wanted(View view) {
        String kinds = java.util.Arrays.stream(Kind.values()).filter(kind -> view.map(kind).isPresent()).map(Kind::name)
                .collect(Collectors.joining(" or "));
        return "it takes " + kinds;
    }

    /// After these, items are no positions, or see one another already.
    private static final List<Class<? extends View>> PLACED = List.of(View.Pool.class, View.Relation.class,
            View.Energy.class, View.Transpose.class);

    /// What kinds alone cannot say.
    private static void checkViews(Tap tap, List<View> views) {
        List<Class<?>> seen = new ArrayList<>();
        for (View view : views) {
            require(!(view instanceof View.Differences) || seen.contains(View.TopK.class),
                    "views: 'differences' of a whole vocabulary are too many; put {top_k: {k: 8, tail: "
                            + "renormalise}} before it");
            require(!(view instanceof View.Target || view instanceof View.NonTarget) || !tap.isFeature(),
                    "views: 'target' and 'non_target' need labels, which only 'logits' have; remove it");
            require(!(view instanceof View.Head) || seen.contains(View.Project.class) && tap instanceof Tap.Hidden,
                    "views: 'head' reads what 'project' maps into the teacher's width; write tap: hidden, views: "
                            + "[project, head]");
            require(!(view instanceof View.Relation relation && relation.measure() == View.Measure.EUCLIDEAN)
                    || seen.contains(View.Pool.class),
                    "views: relation 'euclidean' compares samples; put 'pool' before it");
            require(!(view instanceof View.Pool) || !seen.contains(View.Relation.class)
                    && !seen.contains(View.Energy.class),
                    "views: 'pool' comes first; put it before relation and energy");
            require(!(view instanceof View.Phrases) || seen.isEmpty() && tap.isFeature(),
                    "views: 'phrases' are of positions inside the body; write it first, with tap: hidden");
            require(!(view instanceof View.Salient) || (tap instanceof Tap.Hidden || tap instanceof Tap.Embedding)
                    && PLACED.stream().noneMatch(seen::contains),
                    "views: 'salient' looks at the positions of a sample; write tap: hidden, and nothing before it "
                            + "but phrases, project and unit");
            require(!(view instanceof View.Energy) || !seen.contains(View.Pool.class) && !(tap.hasHeads()),
                    "views: 'energy' makes one vector of a sample's hidden states; write tap: hidden, without 'pool'");
            require(!(view instanceof View.Project) || !seen.contains(View.Relation.class)
                    && !seen.contains(View.Energy.class)
                            && !seen.contains(View.Transpose.class) && !seen.contains(View.Project.class),
                    "views: 'project' maps the model's own width; put it once, before relation, energy and transpose");
            require(!(view instanceof View.Matched || view instanceof View.Unmatched)
                    || seen.contains(View.Spans.class),
                    "views: 'matched' and 'unmatched' compare rows of one stretch of text; write views: [softmax, "
                            + "spans, matched]");
            boolean joins = view instanceof View.Spans || view instanceof View.AlignVocab;
            require(!joins || !tap.isFeature(),
                    ("views: 'spans' and 'align_vocab' join the tokens of 'logits', but the term's tap is '%s'; "
                            + "remove it")
                    .formatted(Atoms.name(tap, Tap.class)));
            seen.add(view.getClass());
        }
    }

    private static void checkAgainst(Tap tap, List<View> views, Against against, Distance distance) {
        switch (against) {
            case Against.Teacher ignored -> { }
            case Against.Rejected ignored -> { }
            case Against.Reference ignored ->
                    require(!tap.isFeature(),
                            ("against: 'start' is compared by its logits, but the term's tap is '%s'; write against: "
                                    + "teacher")
                    .formatted(Atoms.name(tap, Tap.class)));
            case Against.Labels ignored -> {
                require(!tap.isFeature() || tap instanceof Tap.StudentSpace,
                        "against: labels have nothing to compare '%s' with; write against: teacher".formatted(
                                Atoms.name(tap, Tap.class)));
                require(distance.acceptsLabels(),
                        ("distance: '%s' is infinite or without meaning against labels; write 'kl', which is "
                                + "cross-entropy there, or against: teacher")
                        .formatted(Atoms.text(distance, Distance.class)));
                for (View view : views) {
                    require(view.acceptsLabels(),
                            "views: '%s' has no meaning against labels; remove it or write against: teacher".formatted(
                                    Atoms.name(view, View.class)));
                }
                boolean logits = kindAfter(tap, views) == Kind.LOGITS;
                require(!logits || distance instanceof Distance.Divergence,
                        "distance: labels are probabilities, not logits; put 'softmax' before '%s'"
                        .formatted(Atoms.name(distance, Distance.class)));
            }
            case Against.Teachers ignored ->
                    require(!tap.isFeature(),
                            ("against: several teachers are compared by their logits, but the term's tap is '%s'; "
                                    + "write against: teacher")
                    .formatted(Atoms.name(tap, Tap.class)));
            case Against.Blend ignored ->
                    require(!tap.isFeature(),
                            "against: 'blend' mixes logits, but the term's tap is '%s'; write against: teacher"
                    .formatted(Atoms.name(tap, Tap.class)));
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private static String remedy(Kind kind) {
        return switch (kind) {
            case LOGITS -> "put 'softmax' behind the views, or take kl";
            case PROBS -> "remove 'softmax', or take total_variation";
            case VECTORS -> "take mse or cosine, or put {relation: {measure: dot}} behind the views";
            case SCALARS -> "take smooth_l1 or mse";
        };
    }

    /// @return whether it compares with a teacher
    public boolean needsTeacher() {
        boolean measured = tap instanceof Tap.SequenceLogProb scores && scores.reference() == Tap.Reference.TEACHER;
        return against.needsTeacher() || tokens.needsTeacher() || tap.isDualSpace() || measured;
    }

    /// @return whether it can compare with a teacher of another tokenizer
    public boolean acrossTokenizers() {
        if (!needsTeacher()) {
            return true;
        }
        if (tap.isDualSpace()) {
            return tap instanceof Tap.StudentSpace one
                    ? one.pair() == Tap.Pair.ATTENTION
                    : ((Tap.TeacherSpace) tap).pair() == Tap.Pair.ATTENTION;
        }
        boolean rows = !tap.isFeature()
                && (has(View.Sort.class) || has(View.Matched.class) || has(View.AlignVocab.class));
        return against instanceof Against.Teacher && !tokens.needsTeacher() && rows;
    }

    /// @return how it brings tokens together where [#acrossTokenizers]
    public TokenPairing pairing() {
        if (tap.isDualSpace()) {
            return TokenPairing.ATTENTION;
        }
        return has(View.Spans.class) ? TokenPairing.SPANS : has(View.AlignVocab.class)
                ? TokenPairing.WARPING : TokenPairing.PLACES;
    }

    private boolean has(Class<? extends View> kind) {
        return views.stream().anyMatch(kind::isInstance);
    }

    /// @return whether it reads the student's reference model
    public boolean needsReference() {
        return against instanceof Against.Reference || tap instanceof Tap.SequenceLogProb scores
                && scores.reference() == Tap.Reference.INITIAL;
    }

    /// @return whether it needs two answers to each prompt in the data
    public boolean needsPairs() {
        return against instanceof Against.Rejected || on == On.REJECTED;
    }

    /// @return the estimate by drawn tokens, where it is one
    public Optional<Estimate.Sampled> sampled() {
        return distance instanceof Distance.Kl kl && kl.estimate() instanceof Estimate.Sampled sampled
                ? Optional.of(sampled)
                : Optional.empty();
    }

    /// @return whether it is over whole answers, by the log-probabilities of their tokens, not over the vocabulary
    public boolean isSequenceLevel() {
        return tap instanceof Tap.SequenceLogProb || sampled().isPresent();
    }

    /// @return the factor temperatures put on the term: the product of `tau^2` over the views that ask for it
    public double temperatureFactor() {
        double factor = 1;
        for (View view : views) {
            if (view instanceof View.Temperature t && t.squared()) {
                factor *= t.tau() * t.tau();
            }
        }
        return factor;
    }

    /// @return as one line: `logits [temperature] -> kl against teacher`
    public String text() {
        String seen = views.isEmpty()
                ? ""
                : views.stream().map(view -> Atoms.text(view, View.class)).collect(Collectors.joining(", ", " [", "]"));
        String paired = tap.layered() ? " at " + Atoms.text(layers, Pairing.class) : "";
        String counted = tokens instanceof TokenWeight.Equal ? "" : ", tokens " + Atoms.name(tokens, TokenWeight.class);
        String rows = on == On.DATA ? "" : ", on " + on.name().toLowerCase(java.util.Locale.ROOT);
        boolean arguments = tap.isDualSpace() || tap instanceof Tap.SequenceLogProb;
        return (arguments ? Atoms.text(tap, Tap.class) : Atoms.name(tap, Tap.class)) + seen + paired + " -> "
                + Atoms.text(distance, Distance.class)
                + " against " + Atoms.text(against, Against.class) + counted + rows
                        + (pass == Pass.PLAIN ? "" : ", counterfactual");
    }
}
