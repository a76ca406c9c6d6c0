package dev.socratic.trainer.loss;

import dev.socratic.trainer.objective.TokenPairing;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an objective loses in one step, and what has to be known for it: made anew each step by [ObjectiveLoss#at], for
/// weights and edits follow the progress of the run.
///
/// Losses come unreduced; masking happened before (only loss tokens arrive), and dividing happens through a scale, `1 /
/// loss tokens of the step`.
///
/// @param objective      whose loss it is
/// @param progress       share of the budget used, 0 to 1
/// @param logitTerms     numbers of the terms over the vocabulary, token by token
/// @param features       terms inside the body
/// @param sequences      terms over whole answers
/// @param teacherWeights how much each of several teachers counts, where a term knows that of whole samples only
/// @param editing        what is changed inside the models while this is lost
/// @param readsTeacher   whether anything is compared with what a teacher says or does: otherwise none runs
/// @param readsStart     whether a term over logits reads the student's start
/// @param answerMeans    by which pairings tokens count as a mean of each answer's mean; mostly none
public record StepLoss(ObjectiveLoss objective, double progress, List<Integer> logitTerms,
        Optional<FeatureTerms> features, Optional<SequenceTerms> sequences, Optional<TeacherWeights> teacherWeights,
        Optional<Editing> editing, boolean readsTeacher, boolean readsStart, Set<TokenPairing> answerMeans) {
    public StepLoss {
        logitTerms = List.copyOf(logitTerms);
        answerMeans = Set.copyOf(answerMeans);
    }

    /// @return whether anything is lost over the vocabulary at all; otherwise [#lossAndGradient] is not called
    public boolean readsLogits() {
        return !logitTerms.isEmpty() || sequences.isPresent();
    }

    /// @param chunk what is known about the tokens
    /// @param scale 1 / loss tokens of the whole optimiser step
    /// @return losses and their gradient; arrays belong to the manager of `chunk.logits()`
    public LossGradient lossAndGradient(TokenChunk chunk, float scale) {
        return objective.lossAndGradient(logitTerms, chunk, scale, progress);
    }
}
