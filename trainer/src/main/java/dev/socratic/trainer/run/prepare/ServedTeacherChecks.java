package dev.socratic.trainer.run.prepare;

import dev.socratic.core.error.Problem;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Distance;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Tap;
import dev.socratic.trainer.objective.Term;
import java.util.ArrayList;
import java.util.List;

/// What a teacher behind an address, which names the likeliest tokens and nothing else, can be asked for.
final class ServedTeacherChecks {
    private static final String PLACE = "served_teacher";
    private static final String REMEDY = "write teacher: <folder> instead, or take another objective";

    private ServedTeacherChecks() {}

    static List<Problem> of(TrainConfig config, Objective objective, boolean encoder) {
        List<Problem> problems = new ArrayList<>();
        boolean others = config.teacher().isPresent() || config.store().isPresent() || config.captured().isPresent()
                || !config.moreTeachers().isEmpty();
        if (others) {
            problems.add(new Problem(PLACE, "one teacher, behind its address", "a teacher or a store beside it",
                    "leave the others out"));
        }
        if (encoder) {
            problems.add(new Problem(PLACE, "a decoder as the student", "an encoder", "write teacher: <folder>"));
        }
        boolean writes = objective.rollout() instanceof Rollout.Teacher
                || objective.rollout() instanceof Rollout.Student own && own.teacherMix() > 0;
        if (writes || objective.edit().needsTeacher()) {
            problems.add(new Problem(PLACE, "an objective that asks a teacher what it expects",
                    "'%s', in which it writes, or its layers run here".formatted(objective.name()), REMEDY));
        }
        for (int i = 0; i < objective.terms().size(); i++) {
            Term term = objective.terms().get(i);
            if (term.needsTeacher() && !named(term)) {
                problems.add(new Problem("objective '%s'.terms[%s]".formatted(objective.name(), i),
                        "a divergence between logits without views and weights of the teacher's, all that the "
                                + "likeliest tokens of a served teacher can give", "'" + term.text() + "'", REMEDY));
            }
        }
        return problems;
    }

    private static boolean named(Term term) {
        return term.tap() instanceof Tap.Logits && term.views().isEmpty() && term.against() instanceof Against.Teacher
                && !term.tokens().needsTeacher() && term.distance() instanceof Distance.Divergence
                && !(term.distance() instanceof Distance.Kl kl && kl.curriculum().isPresent());
    }
}
