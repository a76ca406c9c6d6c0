package dev.socratic.trainer.plan;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Resolves an objective against a student and a teacher before any step is made; everything that does not fit is said at once.
public final class Planner {
    private static final int MOST_SHOWN = 5;

    private Planner() {}

    /// @param vocab     rows of the embedding, which may be padded beyond the tokenizer's entries
    /// @param tokenizer its tokenizer
    public record Side(long vocab, Tokenizer tokenizer) {}

    /// @throws ConfigException with every problem: a teacher that is missing, or tokens that differ
    public static Plan plan(Objective objective, Side student, Optional<Side> teacher) {
        List<Problem> problems = new ArrayList<>();
        if (objective.needsTeacher() && teacher.isEmpty()) {
            problems.add(new Problem(
                    "teacher", "the folder of a teacher, which objective '" + objective.name() + "' compares with", "nothing",
                    "add teacher: <folder>, or take the objective sft"));
        }
        long shared = student.tokenizer().vocabularySize();
        if (objective.needsTeacher() && teacher.isPresent()) {
            shared = Math.min(shared, teacher.get().tokenizer().vocabularySize());
            differences(student.tokenizer(), teacher.get().tokenizer()).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Plan(objective, shared);
    }

    /// Token ids must mean the same text on both sides. Padding logits with zeros would make up probabilities, so it is never done.
    private static Optional<Problem> differences(Tokenizer student, Tokenizer teacher) {
        if (student.hash().equals(teacher.hash())) {
            return Optional.empty();
        }
        int larger = Math.max(student.vocabularySize(), teacher.vocabularySize());
        List<String> shown = new ArrayList<>();
        int count = 0;
        for (int id = 0; id < larger; id++) {
            String mine = id < student.vocabularySize() ? student.token(id) : "nothing";
            String theirs = id < teacher.vocabularySize() ? teacher.token(id) : "nothing";
            if (!mine.equals(theirs)) {
                count++;
                if (shown.size() < MOST_SHOWN) {
                    shown.add("%d '%s' / '%s'".formatted(id, mine, theirs));
                }
            }
        }
        return count == 0
                ? Optional.empty()
                : Optional.of(new Problem(
                        "teacher",
                        "a tokenizer with the student's tokens",
                        "%d ids that differ (student / teacher): %s%s".formatted(count, String.join(", ", shown), count > shown.size() ? ", ..." : ""),
                        "give the student the teacher's tokenizer, or learn from text with the objective sft"));
    }
}
