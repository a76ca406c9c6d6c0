package dev.socratic.models.inspect;

import dev.socratic.core.error.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// Something wrong with a model folder.
///
/// @param check    which part of the folder: `config`, `weights`, `numbers`, `tokenizer`, `template`, `generation`
/// @param severity whether the model does not work, or works with a trap
public record Defect(String check, Severity severity, Problem problem) {
    /// How bad it is.
    public enum Severity {
        /// The model does not load, or writes nonsense, or does not stop.
        ERROR,
        /// It works here, and goes wrong in common uses.
        WARNING
    }

    private static final int SHOWN = 5;

    static Defect error(String check, String place, String expected, String got, String remedy) {
        return new Defect(check, Severity.ERROR, new Problem(place, expected, got, remedy));
    }

    static Defect warning(String check, String place, String expected, String got, String remedy) {
        return new Defect(check, Severity.WARNING, new Problem(place, expected, got, remedy));
    }

    static List<Defect> errors(String check, Collection<Problem> problems) {
        return problems.stream().map(problem -> new Defect(check, Severity.ERROR, problem)).toList();
    }

    /// The first few of one kind, and how many there are: a thousand lines about one mistake hide the others.
    static List<Defect> few(List<Defect> many) {
        if (many.size() <= SHOWN) {
            return many;
        }
        List<Defect> few = new ArrayList<>(many.subList(0, SHOWN));
        Defect last = few.getLast();
        Problem problem = last.problem();
        few.set(SHOWN - 1,
                new Defect(last.check(), last.severity(),
                        new Problem(problem.place(), problem.expected(), problem.got(),
                "%s more like this".formatted(many.size() - SHOWN)
                        + (problem.remedy().isEmpty() ? "" : "; " + problem.remedy()))));
        return few;
    }

    @Override
    public String toString() {
        return severity.name().toLowerCase(Locale.ROOT) + " " + check + ": " + problem;
    }
}
