package dev.socratic.curator.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A curation with all it needs to know: what the config says, and which questions the recipe evaluates with. Both
/// decide what comes out, so both are what a run is skipped or repeated by.
///
/// @param curate     the config
/// @param evaluation the questions of the recipe's own evaluation; none where nothing is evaluated
public record Curation(CurateConfig curate, List<EvaluationQuestions> evaluation) {
    public Curation {
        evaluation = List.copyOf(evaluation);
    }

    /// A curation outside of a recipe.
    public static Curation of(CurateConfig curate) {
        return new Curation(curate, List.of());
    }

    /// @return the evaluation questions that rows are checked against; none where the config says that they may stay
    public List<EvaluationQuestions> checkedAgainst() {
        return switch (curate.evaluation()) {
            case DROP -> evaluation;
            case KEEP -> List.of();
        };
    }

    /// The config's steps. Where evaluation questions are to be dropped and no step is written that does, one stands
    /// before the first step that compares rows with each other: whoever lists steps of his own has not thereby
    /// chosen to train on the test.
    public List<StepConfig> steps() {
        List<StepConfig> steps = new ArrayList<>(curate.steps());
        if (checkedAgainst().isEmpty() || steps.stream().anyMatch(step -> step instanceof StepConfig.Decontaminate)) {
            return List.copyOf(steps);
        }
        int at = 0;
        while (at < steps.size() && !comparesRows(steps.get(at))) {
            at++;
        }
        steps.add(at, StepConfig.Decontaminate.STANDARD);
        return List.copyOf(steps);
    }

    /// The same where people have decided rows of this very run: the step `review` reads what they decided. Where it is
    /// not written it stands first, so that no review is lost by running again; where it is written with files of its
    /// own, those count.
    ///
    /// @param decisions of the run
    public Curation reviewed(Path decisions) {
        StepConfig.Review own = new StepConfig.Review(List.of(decisions), StepConfig.Review.BINDING);
        List<StepConfig> steps = new ArrayList<>(curate.steps());
        boolean written = false;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i) instanceof StepConfig.Review review) {
                written = true;
                if (review.decisions().isEmpty()) {
                    steps.set(i, new StepConfig.Review(List.of(decisions), review.binding()));
                }
            }
        }
        if (!written) {
            steps.addFirst(own);
        }
        return new Curation(curate.withSteps(steps), evaluation);
    }

    private static boolean comparesRows(StepConfig step) {
        return switch (step) {
            case StepConfig.ExactDuplicates ignored -> true;
            case StepConfig.NearDuplicates ignored -> true;
            case StepConfig.SubstringDuplicates ignored -> true;
            case StepConfig.SemanticDuplicates ignored -> true;
            case StepConfig.Clusters ignored -> true;
            case StepConfig.Select ignored -> true;
            case StepConfig.Decontaminate ignored -> true;
            case StepConfig.Verdicts ignored -> false;
            case StepConfig.Format ignored -> false;
            case StepConfig.Length ignored -> false;
            case StepConfig.Repetition ignored -> false;
            case StepConfig.Language ignored -> false;
            case StepConfig.Refusal ignored -> false;
            case StepConfig.Reasoning ignored -> false;
            case StepConfig.Consistency ignored -> false;
            case StepConfig.Artifacts ignored -> false;
            case StepConfig.Quality ignored -> false;
            case StepConfig.Review ignored -> false;
            case StepConfig.Repair ignored -> false;
            case ScoreConfig ignored -> false;
            case SelectionConfig ignored -> true;
            case StepConfig.Pii ignored -> false;
            case StepConfig.Toxicity ignored -> false;
        };
    }
}
