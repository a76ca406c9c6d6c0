package dev.socratic.trainer.run;

import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.On;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.step.Backward;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Held-out rows as both sides read them: how the teacher does on their labels, and what the student loses by its
/// objective, nats a token.
final class BothSides {
    private final List<MicroBatch> heldOut;
    private final Optional<Decoder> teacher;
    private final Plan plan;
    private final boolean steady;
    private OptionalDouble teacherLoss = OptionalDouble.empty();

    /// @param heldOut encoded for both, empty where they are not asked for
    /// @param teacher the first that runs
    /// @param steady  whether it stays as it is, so that it is asked once
    BothSides(List<MicroBatch> heldOut, Optional<Decoder> teacher, boolean steady, Plan plan) {
        this.steady = steady;
        this.heldOut = List.copyOf(heldOut);
        this.teacher = teacher;
        this.plan = plan;
    }

    /// @param progress share of the budget used
    /// @return `teacher_loss` and `objective_loss`, as far as there are such
    Map<String, Double> losses(Backward backward, ObjectiveLoss objective, double progress) {
        Map<String, Double> losses = new LinkedHashMap<>();
        if (heldOut.isEmpty()) {
            return losses;
        }
        teacher.ifPresent(decoder -> {
            if (teacherLoss.isEmpty() || !steady) {
                List<MicroBatch> theirs = heldOut.stream()
                        .map(batch -> batch.teacherBatch().map(MicroBatch.TeacherBatch::batch).orElse(batch)).toList();
                teacherLoss = OptionalDouble.of(backward.score(decoder, theirs).loss());
            }
            losses.put("teacher_loss", teacherLoss.getAsDouble());
        });
        if (ofTokens()) {
            losses.putAll(objective.seen(() -> losses.put("objective_loss",
                    backward.lost(heldOut, objective.at(progress)))));
        }
        return losses;
    }

    /// Other terms keep something from step to step, or are of text that is not there.
    private boolean ofTokens() {
        return plan.featureTerms().isEmpty() && plan.sequenceTerms().isEmpty() && plan.skewCurriculumTerms().isEmpty()
                && plan.objective().edit() instanceof Edit.None && !plan.objective().needsPolicy()
                && plan.objective().terms().stream().allMatch(term -> term.on() == On.DATA)
                && (teacher.isPresent() || plan.objective().terms().stream().noneMatch(Term::needsTeacher));
    }
}
