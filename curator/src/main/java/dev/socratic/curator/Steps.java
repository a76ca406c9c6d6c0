package dev.socratic.curator;

import dev.socratic.curator.cluster.ClustersStep;
import dev.socratic.curator.config.EvaluationQuestions;
import dev.socratic.curator.config.ScoreConfig;
import dev.socratic.curator.config.SelectionConfig;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.decontaminate.DecontaminateStep;
import dev.socratic.curator.duplicate.ExactDuplicatesStep;
import dev.socratic.curator.duplicate.NearDuplicatesStep;
import dev.socratic.curator.duplicate.SemanticDuplicatesStep;
import dev.socratic.curator.duplicate.SubstringDuplicatesStep;
import dev.socratic.curator.filter.ArtifactsStep;
import dev.socratic.curator.filter.ConsistencyStep;
import dev.socratic.curator.filter.FormatStep;
import dev.socratic.curator.filter.LanguageStep;
import dev.socratic.curator.filter.LengthStep;
import dev.socratic.curator.filter.ReasoningStep;
import dev.socratic.curator.filter.RefusalStep;
import dev.socratic.curator.filter.RepetitionStep;
import dev.socratic.curator.filter.VerdictsStep;
import dev.socratic.curator.judge.JudgeStep;
import dev.socratic.curator.pii.PiiStep;
import dev.socratic.curator.quality.QualityStep;
import dev.socratic.curator.repair.RepairStep;
import dev.socratic.curator.review.ReviewStep;
import dev.socratic.curator.score.IfdStep;
import dev.socratic.curator.score.LearnabilityStep;
import dev.socratic.curator.score.PassRateStep;
import dev.socratic.curator.score.PerplexityStep;
import dev.socratic.curator.select.RowChoices;
import dev.socratic.curator.select.SelectStep;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.toxicity.ToxicityStep;
import java.nio.file.Path;
import java.util.List;

/// Makes the steps a config names.
public final class Steps {
    private Steps() {}

    /// @param evaluation the recipe's own evaluation questions, for the steps that check against them
    /// @param scratch a folder of the step's own for temporary files; it exists, and the caller deletes it when the
    ///                step is closed
    public static Step of(StepConfig config, List<EvaluationQuestions> evaluation, Path scratch) {
        return of(config, StepContext.of(evaluation, scratch));
    }

    /// The same for a step of a run, which may ask models.
    public static Step of(StepConfig config, StepContext context) {
        Path scratch = context.scratch();
        return switch (config) {
            case StepConfig.Review review -> new ReviewStep(review);
            case StepConfig.Verdicts verdicts -> new VerdictsStep(verdicts);
            case StepConfig.Format format -> new FormatStep(format);
            case StepConfig.Length length -> new LengthStep(length);
            case StepConfig.Repetition repetition -> new RepetitionStep(repetition);
            case StepConfig.Language language -> new LanguageStep(language);
            case StepConfig.Refusal refusal -> new RefusalStep();
            case StepConfig.Reasoning reasoning -> new ReasoningStep(reasoning);
            case StepConfig.Consistency consistency -> new ConsistencyStep(consistency);
            case StepConfig.Artifacts artifacts -> new ArtifactsStep(artifacts);
            case StepConfig.Pii pii -> new PiiStep(pii);
            case StepConfig.Toxicity toxicity -> new ToxicityStep(toxicity);
            case StepConfig.Repair repair -> new RepairStep(repair);
            case StepConfig.Quality quality -> new QualityStep(quality);
            case StepConfig.ExactDuplicates duplicates -> new ExactDuplicatesStep(duplicates, scratch);
            case StepConfig.NearDuplicates duplicates -> new NearDuplicatesStep(duplicates, scratch);
            case StepConfig.SubstringDuplicates duplicates -> new SubstringDuplicatesStep(duplicates, scratch);
            case StepConfig.Decontaminate decontaminate -> DecontaminateStep.of(decontaminate, context);
            case StepConfig.SemanticDuplicates duplicates -> new SemanticDuplicatesStep(duplicates, context);
            case StepConfig.Clusters clusters -> new ClustersStep(clusters, context);
            case StepConfig.Select select -> new SelectStep(select, scratch);
            case ScoreConfig score -> scored(score, context);
            case SelectionConfig selection -> RowChoices.of(selection, context);
        };
    }

    private static Step scored(ScoreConfig config, StepContext context) {
        return switch (config) {
            case ScoreConfig.Perplexity perplexity -> new PerplexityStep(perplexity, context);
            case ScoreConfig.Ifd ifd -> new IfdStep(ifd, context);
            case ScoreConfig.Learnability learnability -> new LearnabilityStep(learnability, context);
            case ScoreConfig.PassRate rate -> new PassRateStep(rate, context);
            case ScoreConfig.Judge judge -> new JudgeStep(judge, context);
        };
    }
}
