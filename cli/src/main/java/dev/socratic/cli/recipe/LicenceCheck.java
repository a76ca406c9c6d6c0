package dev.socratic.cli.recipe;

import dev.socratic.core.licence.OutputTerms;
import java.util.LinkedHashSet;
import java.util.Set;

/// What a recipe wants done about teachers whose terms forbid training on what they write.
public enum LicenceCheck {
    /// Say it, and go on.
    WARN,
    /// End before anything is asked or trained.
    REFUSE,
    /// Say nothing before the run; the student's card still says it.
    IGNORE;

    /// Conditions are told and never refused: whether they are kept is seen when the student is given on.
    void look(Recipe recipe, Findings findings) {
        Set<String> told = new LinkedHashSet<>();
        for (TeacherOf teacher : TeacherOf.all(recipe)) {
            teacher.terms().filter(terms -> this != IGNORE && told.add(teacher.model().name() + terms.family()))
                    .ifPresent(terms -> say(teacher, terms, findings));
        }
    }

    private void say(TeacherOf teacher, OutputTerms terms, Findings findings) {
        if (this == REFUSE && terms.rule() == OutputTerms.Rule.FORBIDS) {
            findings.problem(teacher.place(), "a teacher whose terms allow training on what it writes",
                    "'%s', %s".formatted(teacher.model().name(), terms),
                    "take another teacher, or write licences: warn if you may");
        } else {
            findings.warn(teacher.place(), "'%s', %s; this is no legal advice, and licences: %s".formatted(
                    teacher.model().name(), terms,
                    terms.rule() == OutputTerms.Rule.FORBIDS ? "refuse ends a run here" : "ignore silences it"));
        }
    }
}
