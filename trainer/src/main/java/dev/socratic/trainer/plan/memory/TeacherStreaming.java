package dev.socratic.trainer.plan.memory;

import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import java.util.Optional;

/// Whether a live teacher only reads what the student reads, so that its layers may stay on disk between passes.
public final class TeacherStreaming {
    private TeacherStreaming() {}

    /// @return why layers of the teacher cannot stay on disk
    public static Optional<String> hindered(TrainConfig config, Objective objective) {
        if (config.store().isPresent() || config.captured().isPresent()) {
            return Optional.of("a store in its place");
        }
        if (config.selfWeights().isPresent()) {
            return Optional.of("the student itself");
        }
        if (!objective.needsTeacher() && !objective.needsTeachers()) {
            return Optional.of("'%s', which asks none".formatted(objective.name()));
        }
        if (objective.edit() instanceof Edit.Replace) {
            return Optional.of("'%s', in which its layers run in the student".formatted(objective.name()));
        }
        boolean writes = switch (objective.rollout()) {
            case Rollout.Data ignored -> false;
            case Rollout.Student student -> student.teacherMix() > 0;
            case Rollout.Teacher ignored -> true;
        };
        return writes ? Optional.of("'%s', in which it writes token by token".formatted(objective.name()))
                : Optional.empty();
    }
}
