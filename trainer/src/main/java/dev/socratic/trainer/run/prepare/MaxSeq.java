package dev.socratic.trainer.run.prepare;

import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.teacher.StoreChecks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How long a row may be where the config does not say: what every model that reads it can read, and at most
/// `micro_tokens`, for the memory of a step grows with what is read at once. Stores know rows of the length they were
/// captured with.
public final class MaxSeq {
    private MaxSeq() {}

    /// @return the config with its `max_seq`
    public static TrainConfig resolved(TrainConfig config, Objective objective) {
        if (config.maxSeq().isPresent()) {
            return config;
        }
        return config.withMaxSeq(Math.min(config.microTokens(), of(config, objective)));
    }

    /// @return tokens that every model can read, and every store was captured with
    public static int of(TrainConfig config, Objective objective) {
        List<Integer> most = new ArrayList<>(List.of(student(config.student())));
        List<Path> stores = StoreChecks.named(config, objective);
        if (stores.isEmpty() && objective.needsTeacher()) {
            Stream.concat(config.teacherFolder().stream(), config.moreTeacherFolders().stream())
                    .map(MaxSeq::context).forEach(most::add);
        }
        stores.stream().map(LogitStore::longestRow).forEach(most::add);
        return most.stream().mapToInt(Integer::intValue).min().orElseThrow();
    }

    private static int student(StudentStart start) {
        return switch (start) {
            case StudentStart.Random random -> random.context();
            case StudentStart.Architecture shape -> context(shape.path());
            case StudentStart.Folder folder -> context(folder.path());
            case StudentStart.LayersOf layers -> context(layers.path());
            case StudentStart.Earlier earlier -> throw earlier.unknown();
        };
    }

    private static int context(Path folder) {
        return EncoderConfig.isOf(folder) ? EncoderConfig.read(folder).context() : ModelConfig.read(folder).context();
    }
}
