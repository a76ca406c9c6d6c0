package dev.socratic.cli.recipe;

import dev.socratic.core.config.Places;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a look at everything a recipe names has found: problems, with which nothing may begin, and warnings, which are
/// told.
public final class Findings {
    private final Places places;
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();

    Findings(Places places) {
        this.places = places;
    }

    /// @return all of them, in the order of the stages
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /// @return a sentence each, with its place
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /// @throws ConfigException with every problem, if there is any
    public void require() {
        if (!problems.isEmpty()) {
            throw new ConfigException(new ArrayList<>(problems));
        }
    }

    /// @param path in the recipe
    void problem(String path, String expected, String got, String remedy) {
        problems.add(new Problem(places.at(path), expected, got, remedy));
    }

    /// What a part of the tool says of a part of the recipe, at that part's place.
    void problem(String path, Problem found) {
        if (path.isEmpty()) { // of nothing that the recipe says
            problems.add(found);
            return;
        }
        boolean same = found.place().isEmpty() || path.equals(found.place()) || path.endsWith("." + found.place());
        problems.add(new Problem(same ? places.at(path) : places.at(path) + ": " + found.place(), found.expected(),
                found.got(), found.remedy()));
    }

    void problem(String path, SocraticException refused) {
        refused.problems().forEach(found -> problem(path, found));
    }

    void warn(String path, String sentence) {
        warnings.add(path.isEmpty() ? sentence : places.at(path) + ": " + sentence);
    }

    boolean none() {
        return problems.isEmpty();
    }
}
