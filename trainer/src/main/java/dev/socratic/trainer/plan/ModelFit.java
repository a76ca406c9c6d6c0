package dev.socratic.trainer.plan;

import dev.socratic.core.error.Problem;
import dev.socratic.trainer.objective.Atoms;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Pairing;
import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.objective.Term;
import dev.socratic.trainer.objective.View;
import java.util.ArrayList;
import java.util.List;

/// Whether a term fits two models: their layers, widths and heads.
final class ModelFit {
    private final String place;
    private final Term term;
    private final ModelShape student;
    private final ModelShape teacher;
    private final List<Problem> problems = new ArrayList<>();

    private ModelFit(String place, Term term, ModelShape student, ModelShape teacher) {
        this.place = place;
        this.term = term;
        this.student = student;
        this.teacher = teacher;
    }

    /// @param place of the term, for messages
    static List<Problem> problems(String place, Term term, ModelShape student, ModelShape teacher) {
        ModelFit fit = new ModelFit(place, term, student, teacher);
        fit.layers();
        fit.widths();
        return fit.problems;
    }

    private void layers() {
        if (!term.tap().layered()) {
            return;
        }
        switch (term.layers()) {
            case Pairing.Output ignored -> { }
            case Pairing.Last ignored -> { }
            case Pairing.OneToOne ignored -> {
                if (student.layers() != teacher.layers()) {
                    add(".layers", "as many layers in the student as in the teacher, for one_to_one", counts(),
                            "write layers: uniform");
                }
            }
            case Pairing.Uniform uniform -> {
                if (student.layers() > teacher.layers()) {
                    add(".layers", "at most as many layers in the student as in the teacher, for uniform", counts(),
                            "write layers: {explicit: {pairs: ...}}");
                } else if (uniform.skipLast() && student.layers() < 2) {
                    add(".layers", "two layers or more in the student, for skip_last", counts(),
                            "write layers: uniform");
                }
            }
            case Pairing.Unlocking ignored -> {
                if (student.layers() > teacher.layers()) {
                    add(".layers", "at most as many layers in the student as in the teacher, for unlocking", counts(),
                            "write layers: last");
                }
            }
            case Pairing.Attended ignored -> {
                if (teacher.layers() < 2) {
                    add(".layers", "two layers or more in the teacher, for attended", counts(), "write layers: last");
                }
            }
            case Pairing.Across ignored -> {
                if (student.layers() > teacher.layers()) {
                    add(".layers", "at most as many layers in the student as in the teacher, for across", counts(),
                            "remove the term");
                }
            }
            case Pairing.Explicit explicit -> explicit.pairs().forEach(pair -> {
                if (pair.get(0) >= student.layers() || pair.get(1) >= teacher.layers()) {
                    add(".layers.explicit", "student layers 0 to %s, teacher layers 0 to %s".formatted(
                            student.layers() - 1, teacher.layers() - 1),
                            pair.toString(), "layers count from 0");
                }
            });
            case Pairing.Random ignored -> {
                if (student.layers() < 2 || student.layers() > teacher.layers()) {
                    add(".layers", "from 2 layers in the student to as many as the teacher has, for random", counts(),
                            "write layers: last");
                }
            }
        }
    }

    private String counts() {
        return "%s and %s".formatted(student.layers(), teacher.layers());
    }

    private void widths() {
        if (!term.tap().isFeature()) {
            return;
        }
        Widths mine = Widths.of(term.tap(), student);
        Widths theirs = Widths.of(term.tap(), teacher);
        for (int i = 0; i < term.views().size(); i++) {
            View view = term.views().get(i);
            if (view instanceof View.Relation relation && relation.heads() > 0 && !relation.fewer()) {
                heads(i, relation, mine, theirs);
            }
            if (view instanceof View.Project project) {
                int to = project.width() == 0 ? theirs.axis() : project.width();
                mine = mine.after(view, to);
                theirs = theirs.after(view, to);
            } else {
                mine = mine.after(view, 0);
                theirs = theirs.after(view, 0);
            }
        }
        if (mine.groups() != theirs.groups()) {
            add("", "equally many heads on both sides for '%s'".formatted(Atoms.name(term.tap(), Tap.class)),
                    "%s in the student, %s in the teacher".formatted(mine.groups(), theirs.groups()), regroup());
        }
        if (mine.axis() != theirs.axis() && !term.distance().anyWidth()) {
            add("", "equal widths for '%s' and '%s'".formatted(Atoms.name(term.tap(), Tap.class),
                    Atoms.name(term.distance(), Distance.class)),
                    "%s in the student, %s in the teacher".formatted(mine.axis(), theirs.axis()),
                            "put 'project' among the views");
        }
    }

    private String regroup() {
        return term.tap() instanceof Tap.Attention
                ? "take tap: queries, keys or values with {relation: {measure: dot, heads: n}}, which cuts both "
                        + "sides anew"
                : "write {relation: {measure: dot, heads: n}}, which cuts both sides anew";
    }

    private void heads(int view, View.Relation relation, Widths mine, Widths theirs) {
        int a = mine.groups() * mine.axis();
        int b = theirs.groups() * theirs.axis();
        if (a % relation.heads() != 0 || b % relation.heads() != 0) {
            List<String> fitting = new ArrayList<>();
            for (int n = 1; n <= Math.min(a, b); n++) {
                if (a % n == 0 && b % n == 0) {
                    fitting.add(Integer.toString(n));
                }
            }
            add(".views[%s].relation.heads".formatted(view), "a divisor of both widths, %s and %s".formatted(a, b),
                    "" + relation.heads(),
                    "choose one of " + String.join(", ", fitting));
        }
    }

    private void add(String where, String expected, String got, String remedy) {
        problems.add(new Problem(place + where, expected, got, remedy));
    }
}
