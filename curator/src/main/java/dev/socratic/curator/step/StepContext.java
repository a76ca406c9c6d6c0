package dev.socratic.curator.step;

import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.curator.config.EvaluationQuestions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// What a step is handed beside its config.
///
/// @param evaluation the recipe's own evaluation questions, for the steps that check against them
/// @param scratch    a folder of the step's own for temporary files; it exists, and the caller deletes it when the
///                   step is closed
/// @param stage      of the curation
/// @param models     that it may ask
public record StepContext(List<EvaluationQuestions> evaluation, Path scratch, StageContext stage, StepModels models) {
    public StepContext {
        evaluation = List.copyOf(evaluation);
    }

    /// Of a step outside of a run, which can ask nobody.
    public static StepContext of(List<EvaluationQuestions> evaluation, Path scratch) {
        return new StepContext(evaluation, scratch,
                new StageContext(scratch, Progress.SILENT, Clock.systemUTC(), 1), StepModels.none(List.of()));
    }

    /// @return where answers and scores of models are kept from run to run
    public Path asked() {
        return stage.run().asks();
    }
}
