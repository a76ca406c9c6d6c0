package dev.socratic.trainer;

import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.TaskScores;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.encoder.EncoderStage;
import dev.socratic.trainer.run.DecoderTraining;
import dev.socratic.trainer.run.Resolved;
import dev.socratic.trainer.run.card.Lineage;
import dev.socratic.trainer.run.prepare.MemoryCheck;
import dev.socratic.trainer.teacher.ServedTeachers;

/// The stage `train`: rows in, a student's Hugging Face folder out.
///
/// Killed at any moment and called again with the same arguments, it goes on from the last checkpoint and ends with
/// the files an undisturbed run gives, byte for byte on one machine and number of threads (but for `timings.jsonl`
/// and the TensorBoard events, which hold times).
public final class TrainStage {
    private TrainStage() {}

    /// @param context its folder becomes the student's
    /// @throws dev.socratic.core.error.SocraticException with what to mend
    public static StageReport run(TrainConfig written, StageContext context, Compute compute) {
        return run(written, context, Lineage.NONE, compute);
    }

    /// @param lineage what the trainer cannot know of where the student comes from, for its card
    /// @param compute where and in what numbers
    public static StageReport run(TrainConfig written, StageContext context, Lineage lineage, Compute compute) {
        return run(written, context, lineage, compute, ServedTeachers.NONE);
    }

    /// @param served who opens a served teacher, where the config names one
    public static StageReport run(TrainConfig written, StageContext context, Lineage lineage, Compute compute,
            ServedTeachers served) {
        return run(written, context, lineage, compute, served, TaskScores.NONE);
    }

    /// @param scores tasks that `evaluate.tasks` may name
    public static StageReport run(TrainConfig written, StageContext context, Lineage lineage, Compute compute,
            ServedTeachers served, TaskScores scores) {
        try (Resolved run = Resolved.of(written, context, lineage, compute, scores)) {
            return run.encoder() ? EncoderStage.run(run)
                    : MemoryCheck.told(run.memory(), context.progress(), () -> DecoderTraining.run(run, served));
        }
    }
}
