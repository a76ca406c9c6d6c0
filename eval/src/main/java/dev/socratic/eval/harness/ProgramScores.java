package dev.socratic.eval.harness;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.sandbox.check.CodeVerdict;
import dev.socratic.eval.harness.SuiteTask.Asked;
import dev.socratic.eval.harness.score.ProgramResults;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Verdicts on the programs of one task, and how they were made: what stands beside its figures.
///
/// @param isolation in a few words
/// @param version   of the interpreter
/// @param verdicts  by program and tests
record ProgramScores(String isolation, String version, Map<Program, CodeVerdict> verdicts) implements ProgramResults {
    /// Of a task that runs none.
    static final ProgramScores NONE = new ProgramScores("", "", Map.of());

    ProgramScores {
        verdicts = Map.copyOf(verdicts);
    }

    /// A program with its tests.
    record Program(String program, String tests) {}

    @Override
    public boolean isRight(String program, String tests) {
        return verdicts.get(new Program(program, tests)).isRight();
    }

    /// @return the tests of a document
    static String tests(SuiteTask task, Asked asked) {
        return String.valueOf(task.fields().target(task.config().prompt(), asked.doc()));
    }

    /// @param filtered answers to each request of a document
    /// @return whether there is a verdict on each
    boolean knows(SuiteTask task, Asked asked, List<Object> filtered) {
        return filtered.isEmpty() || ProgramResults.programs(filtered.getFirst()).stream().allMatch(program ->
                verdicts.containsKey(new Program(program, tests(task, asked))));
    }

    /// @return for the line of a document: one verdict for each answer
    ArrayNode lines(SuiteTask task, Asked asked, List<Object> filtered) {
        ArrayNode lines = Json.mapper().createArrayNode();
        if (!filtered.isEmpty()) {
            ProgramResults.programs(filtered.getFirst()).forEach(program ->
                    lines.add(verdicts.get(new Program(program, tests(task, asked))).json()));
        }
        return lines;
    }

    /// @return for the results file: isolation, interpreter, verdicts by outcome; empty of a task that runs none
    Optional<ObjectNode> json() {
        if (isolation.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = Json.mapper().createObjectNode().put("isolation", isolation).put("interpreter", version);
        ObjectNode outcomes = json.putObject("verdicts");
        counts().forEach(outcomes::put);
        return Optional.of(json);
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        verdicts.values().forEach(verdict -> counts.merge(verdict.outcome().id(), 1L, Long::sum));
        return counts;
    }
}
