package dev.socratic.trainer.teacher;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.run.Progress;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.StoreHeader;
import dev.socratic.trainer.objective.Objective;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Whether the stores a training names can teach it: before anything is loaded, from the configs, the stores' headers
/// and hashes.
public final class StoreChecks {
    private StoreChecks() {}

    /// @return the stores a training reads, that of the largest teacher first; none where it names none or needs
    ///         none, one where it compares with one
    public static List<Path> named(TrainConfig config, Objective objective) {
        List<Path> all = new ArrayList<>();
        if (objective.needsTeacher()) {
            config.store().ifPresent(all::add);
            all.addAll(objective.needsTeachers() ? config.moreStores() : List.of());
        }
        return List.copyOf(all);
    }

    /// @param folder of the student, its tokenizer's files in it
    /// @throws ConfigException with everything the stores cannot give and everything they were not made with
    /// @throws DataException   if one is no store
    public static void check(TrainConfig config, Objective objective, Path folder, Progress progress) {
        List<Path> stores = named(config, objective);
        if (stores.isEmpty()) {
            return;
        }
        List<Path> teachers = config.moreTeacherFolders();
        List<Problem> problems = new ArrayList<>();
        if (objective.needsTeachers() && stores.size() == 1) {
            problems.add(
                    new Problem("more_stores",
                            "stores of further teachers, which objective '%s' compares with".formatted(
                                    objective.name()), "none",
                    "add more_stores: [<folder>], one for each teacher from the smallest up, or name the teachers' "
                            + "folders instead of a store"));
        }
        if (objective.needsTeachers() && !teachers.isEmpty() && teachers.size() != stores.size() - 1) {
            problems.add(new Problem("more_teachers", "the teachers of more_stores, or none",
                    "%s for %s stores".formatted(teachers.size(), stores.size() - 1), "remove more_teachers"));
        }
        List<StoreHeader> headers = stores.stream().map(StoreHeader::read).toList();
        problems.addAll(StoreCapabilities.problems(objective, headers.stream().map(StoreHeader::capture).toList()));
        for (int i = 0; i < stores.size(); i++) {
            Path store = stores.get(i);
            StoreHeader header = headers.get(i);
            problems.addAll(header.tokenizerMismatches(store, folder));
            if (i == 0) {
                config.teacherFolder().ifPresent(teacher -> problems.addAll(header.teacherMismatch(store, teacher)));
            } else if (teachers.size() == stores.size() - 1) {
                problems.addAll(header.teacherMismatch(store, teachers.get(i - 1)));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        if (headers.stream()
                .anyMatch(header -> header.capture().encoding() instanceof Encoding.TopK top
                        && top.tail() == Encoding.Tail.RENORMALISE)) {
            progress.note(
                    "the store's top_k with renormalise makes the target surer than the teacher; below k = 50 it "
                            + "was found worse than no teacher");
        }
    }
}
