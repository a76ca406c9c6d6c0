package dev.socratic.trainer.rollout;

import dev.socratic.core.seed.Seeds;
import dev.socratic.models.decoder.Decoder;
import dev.socratic.trainer.batch.MicroBatch;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The micro-batches of a step, as an objective wants them: those of the data set, or their prompts with answers that a model writes now.
///
/// @param rollout what the objective wants
/// @param eos     ids that end an answer
/// @param maxSeq  longest row, in tokens
/// @param seed    of the run
public record Rollouts(Rollout rollout, List<Long> eos, int maxSeq, long seed) {
    public Rollouts {
        eos = List.copyOf(eos);
    }

    /// @param step     number of the step, from 1
    /// @param progress share of the budget used before it
    /// @param teacher  for rollouts of the teacher
    /// @return what the step learns from
    public List<MicroBatch> of(List<MicroBatch> data, long step, double progress, Decoder student, Optional<Decoder> teacher) {
        return switch (rollout) {
            case Rollout.Data ignored -> data;
            case Rollout.Student s -> drawn(s.share(), step, progress)
                    ? written(data, writer(s.maxNewTokens(), s.temperature(), s.topP()), student, step)
                    : data;
            case Rollout.Teacher t -> drawn(t.share(), step, progress)
                    ? written(data, writer(t.maxNewTokens(), t.temperature(), t.topP()), teacher.orElseThrow(), step)
                    : data;
        };
    }

    private boolean drawn(Schedule share, long step, double progress) {
        return new Random(Seeds.derive(seed, "share", Long.toString(step))).nextDouble() < share.at(progress);
    }

    private Writer writer(int maxNewTokens, double temperature, double topP) {
        return new Writer(maxNewTokens, temperature, topP, eos.stream().mapToLong(Long::longValue).toArray(), maxSeq);
    }

    private List<MicroBatch> written(List<MicroBatch> data, Writer writer, Decoder decoder, long step) {
        List<MicroBatch> all = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            writer.answers(data.get(i), decoder, Writer.seed(seed, step, i)).ifPresent(all::add);
        }
        return all;
    }
}
