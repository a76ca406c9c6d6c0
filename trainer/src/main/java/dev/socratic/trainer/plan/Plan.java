package dev.socratic.trainer.plan;

import dev.socratic.trainer.data.SharedIds;
import dev.socratic.trainer.data.align.VocabularyAlignment;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Pairing;
import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// An objective resolved against the two models it will run on.
///
/// @param objective           what the user wrote
/// @param sharedVocab         token ids both models give the same token: ids from 0 to this are compared, padding
///                            rows of an embedding are not
/// @param shapes              of student and teacher; empty where no teacher is there
/// @param vocabularyAlignment how the two vocabularies belong together, where the teacher's tokenizer is another;
///                            `sharedVocab` is the student's then
/// @param sharedIds           the ids compared, where the two tokenizers differ in added tokens; `sharedVocab` is how
///                            many these are then
public record Plan(Objective objective, long sharedVocab, Optional<Shapes> shapes,
        Optional<VocabularyAlignment> vocabularyAlignment,
        Optional<SharedIds> sharedIds) {
    /// A plan for tokenizers that do not differ in added tokens.
    public Plan(Objective objective, long sharedVocab, Optional<Shapes> shapes,
            Optional<VocabularyAlignment> vocabularyAlignment) {
        this(objective, sharedVocab, shapes, vocabularyAlignment, Optional.empty());
    }

    /// A plan for one tokenizer.
    public Plan(Objective objective, long sharedVocab, Optional<Shapes> shapes) {
        this(objective, sharedVocab, shapes, Optional.empty());
    }

    /// A plan whose terms are all over logits.
    public Plan(Objective objective, long sharedVocab) {
        this(objective, sharedVocab, Optional.empty());
    }

    /// @param student its sizes
    /// @param teacher its sizes
    public record Shapes(ModelShape student, ModelShape teacher) {}

    /// @param student of the student's side
    /// @param teacher of the teacher's side, where both are mapped
    public record ProjectionNames(String student, Optional<String> teacher) {}

    /// @return numbers of the terms over logits
    public List<Integer> logitTerms() {
        return numbers(false).stream().filter(term -> !objective.terms().get(term).isSequenceLevel()).toList();
    }

    /// @return numbers of the terms over whole answers
    public List<Integer> sequenceTerms() {
        return numbers(false).stream().filter(term -> objective.terms().get(term).isSequenceLevel()).toList();
    }

    /// @return numbers of the terms whose skew follows the answer
    public List<Integer> skewCurriculumTerms() {
        return numbers(false).stream()
                .filter(term -> objective.terms().get(term).distance() instanceof Distance.Kl kl
                        && kl.curriculum().isPresent())
                .toList();
    }

    /// @return numbers of the terms inside the body
    public List<Integer> featureTerms() {
        return numbers(true);
    }

    private List<Integer> numbers(boolean inside) {
        return IntStream.range(0, objective.terms().size())
                .filter(i -> objective.terms().get(i).tap().isFeature() == inside).boxed().toList();
    }

    /// @return the teacher layers that each student layer stands for: equal segments
    public List<Block> blocks() {
        Shapes both = shapes.orElseThrow();
        int mine = both.student().layers();
        int theirs = both.teacher().layers();
        return IntStream.range(0, mine)
                .mapToObj(layer -> new Block(layer, layer * theirs / mine, (layer + 1) * theirs / mine)).toList();
    }

    /// @param student its layer
    /// @param first   layer of the teacher
    /// @param last    the one before which to stop
    public record Block(int student, int first, int last) {}

    /// @return the layers a term compares now; one pair for a tap that sits in none
    public List<Pairing.Pair> pairs(int term, double progress) {
        Term written = objective.terms().get(term);
        if (!written.tap().layered()) {
            return List.of(new Pairing.Pair(0, 0));
        }
        Shapes both = shapes.orElseThrow();
        return written.layers().of(both.student().layers(), both.teacher().layers(), progress);
    }

    /// @return how wide the teacher's items of a term are, groups side by side
    public int teacherWidth(int term) {
        ModelShape teacher = shapes.orElseThrow().teacher();
        Widths theirs = Widths.of(objective.terms().get(term).tap(), teacher);
        for (View view : objective.terms().get(term).views()) {
            theirs = theirs.after(view,
                    view instanceof View.Project project && project.width() > 0 ? project.width() : theirs.axis());
        }
        return theirs.groups() * theirs.axis();
    }

    /// @return factor on a pair of a term's layers, within the term
    public double pairWeight(int term, Pairing.Pair pair, double progress) {
        Term written = objective.terms().get(term);
        return written.tap().layered()
                ? written.layers().weight(pair, shapes.orElseThrow().student().layers(), progress)
                : 1;
    }

    /// @return every learned map, each once
    public List<ProjectionSpec> projections() {
        Map<String, ProjectionSpec> all = new LinkedHashMap<>();
        for (int term : featureTerms()) {
            spaces(objective.terms().get(term).tap()).forEach(map -> all.put(map.name(), map));
            for (Pairing.Pair pair : pairs(term, 1)) {
                projectionNames(term, pair.student()).ifPresent(names -> {
                    View.Project project = project(objective.terms().get(term)).orElseThrow();
                    int mine = Widths.of(objective.terms().get(term).tap(), shapes.orElseThrow().student()).axis();
                    int theirs = Widths.of(objective.terms().get(term).tap(), shapes.orElseThrow().teacher()).axis();
                    int out = project.width() == 0 ? theirs : project.width();
                    all.put(names.student(), new ProjectionSpec(names.student(), out, mine));
                    names.teacher().ifPresent(name -> all.put(name, new ProjectionSpec(name, out, theirs)));
                });
            }
        }
        return List.copyOf(all.values());
    }

    /// Name of the map of the teacher's states into the student's width.
    public static final String TO_STUDENT = "objective.projection.t2s";
    /// Name of the map of the student's states into the teacher's width.
    public static final String TO_TEACHER = "objective.projection.s2t";
    /// Name of the map of the student's tokens to queries on the teacher's.
    public static final String QUERY = "objective.projection.query";

    /// The maps of the two spaces, shared by all terms.
    private List<ProjectionSpec> spaces(Tap tap) {
        if (!tap.isDualSpace()) {
            return List.of();
        }
        int mine = shapes.orElseThrow().student().hidden();
        int theirs = shapes.orElseThrow().teacher().hidden();
        ProjectionSpec query = new ProjectionSpec(QUERY, 2 * theirs, 2 * mine);
        ProjectionSpec toStudent = new ProjectionSpec(TO_STUDENT, mine, theirs);
        ProjectionSpec toTeacher = new ProjectionSpec(TO_TEACHER, theirs, mine);
        return switch (tap) {
            case Tap.StudentSpace one -> one.pair() == Tap.Pair.ATTENTION
                    ? List.of(toStudent, query)
                    : List.of(toStudent);
            case Tap.TeacherSpace one -> one.pair() == Tap.Pair.ATTENTION
                    ? List.of(toTeacher, query)
                    : List.of(toTeacher);
            case Tap.Logits ignored -> List.of();
            case Tap.SequenceLogProb ignored -> List.of();
            case Tap.Embedding ignored -> List.of();
            case Tap.Hidden ignored -> List.of();
            case Tap.Attention ignored -> List.of();
            case Tap.Queries ignored -> List.of();
            case Tap.Keys ignored -> List.of();
            case Tap.Values ignored -> List.of();
        };
    }

    /// @param layer of the student
    public Optional<ProjectionNames> projectionNames(int term, int layer) {
        return project(objective.terms().get(term)).map(project -> {
            String name = "objective.projection." + (project.name().isEmpty() ? term + "." + layer : project.name());
            return new ProjectionNames(name + ".student",
                    project.width() == 0 ? Optional.empty() : Optional.of(name + ".teacher"));
        });
    }

    private static Optional<View.Project> project(Term term) {
        return term.views().stream().filter(View.Project.class::isInstance).map(View.Project.class::cast).findFirst();
    }

    /// What each term adds to the loss.
    ///
    /// @param progress share of the budget used
    /// @param means    raw mean of each term over its items, in the order of the terms
    /// @return a tree of contributions; its first line is their sum, which is the loss
    public Explanation explain(double progress, List<Double> means) {
        List<Explanation.Line> lines = new ArrayList<>();
        for (int i = 0; i < objective.terms().size(); i++) {
            double weight = weight(i, progress);
            lines.add(new Explanation.Line(objective.terms().get(i), weight, means.get(i),
                    weight == 0 ? 0 : weight * means.get(i)));
        }
        return new Explanation(objective.name(), lines);
    }

    /// @return weight of a term now, the squared temperatures and the shares of a vocabulary in it
    public double weight(int term, double progress) {
        return objective.terms().get(term).weight().at(progress) * objective.terms().get(term)
                .temperatureFactor() * vocabularyFactor(objective.terms().get(term));
    }

    private double vocabularyFactor(Term term) {
        double agreeing = vocabularyAlignment.map(VocabularyAlignment::share).orElse(1.0);
        double factor = 1;
        for (View view : term.views()) {
            factor *= view instanceof View.Matched one && one.share() ? agreeing : 1;
            factor *= view instanceof View.Unmatched one && one.share() ? 1 - agreeing : 1;
        }
        return factor;
    }
}
