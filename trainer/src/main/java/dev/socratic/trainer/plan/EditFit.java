package dev.socratic.trainer.plan;

import dev.socratic.core.error.Problem;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import java.util.ArrayList;
import java.util.List;

/// Whether two models can be edited as an objective asks, from their sizes alone.
final class EditFit {
    private EditFit() {}

    static List<Problem> problems(Objective objective, ModelShape student, ModelShape teacher) {
        String place = "objective '%s'.edit".formatted(objective.name());
        return switch (objective.edit()) {
            case Edit.None ignored -> List.of();
            case Edit.Perturb ignored -> List.of();
            case Edit.Interchange ignored -> layers(place, student, teacher, "interchange");
            case Edit.Replace ignored -> {
                List<Problem> problems = new ArrayList<>(layers(place, student, teacher, "replace"));
                equal(problems, place, "a student as wide as the teacher", student.hidden(), teacher.hidden());
                equal(problems, place, "as many rows in the student's embedding as in the teacher's", student.vocab(),
                        teacher.vocab());
                yield problems;
            }
        };
    }

    private static void equal(List<Problem> problems, String place, String expected, int mine, int theirs) {
        if (mine != theirs) {
            problems.add(new Problem(
                    place, expected + ", since layers of both take turns", "%s and %s".formatted(mine, theirs),
                    "begin with some of the teacher's own layers: student: {layers_of: {path: <teacher>, keep: ...}}"));
        }
    }

    private static List<Problem> layers(String place, ModelShape student, ModelShape teacher, String edit) {
        return student.layers() <= teacher.layers() ? List.of() : List.of(new Problem(
                place, "at most as many layers in the student as in the teacher, for " + edit,
                        "%s and %s".formatted(student.layers(), teacher.layers()),
                "take a shallower student, for instance {layers_of: {path: <teacher>, keep: every_other}}"));
    }
}
