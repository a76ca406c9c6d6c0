package dev.socratic.eval.harness;

import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.sandbox.check.CodeTests;
import dev.socratic.core.sandbox.check.CodeVerdict;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.eval.code.ProgramRuns;
import dev.socratic.eval.harness.ProgramScores.Program;
import dev.socratic.eval.harness.SuiteTask.Asked;
import dev.socratic.eval.harness.score.ProgramResults;
import dev.socratic.eval.harness.score.ResponseFilters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The programs that the answers to a task are, each with its document's tests, each once.
final class TaskPrograms {
    private final List<Program> programs;

    /// @param outcomes of each document, in their order
    TaskPrograms(SuiteTask task, List<List<GenerationOutcome>> outcomes) {
        List<ResponseFilters> filters = task.config().scoring().filters().stream().map(ResponseFilters::new).toList();
        Set<Program> all = new LinkedHashSet<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (!outcomes.get(i).stream().allMatch(GenerationOutcome.Completion.class::isInstance)) {
                continue;
            }
            Asked asked = task.asked().get(i);
            String tests = ProgramScores.tests(task, asked);
            for (ResponseFilters filter : filters) {
                SuiteResult.filtered(task, filter, asked, outcomes.get(i)).forEach(left ->
                        ProgramResults.programs(left).forEach(program -> all.add(new Program(program, tests))));
            }
        }
        programs = List.copyOf(all);
    }

    List<GenerationRequest> requests(String task) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            requests.add(ProgramRuns.request("%s/program/%s".formatted(task, i), programs.get(i).program(),
                    new CodeTests.Statements(programs.get(i).tests())));
        }
        return requests;
    }

    /// @param incomplete gets why some programs have no verdict yet
    ProgramScores scores(ProgramRuns runs, AskOutcome asked, List<String> incomplete) {
        Map<Program, CodeVerdict> verdicts = new LinkedHashMap<>();
        for (int i = 0; i < programs.size(); i++) {
            if (asked.outcome(i) instanceof GenerationOutcome.Completion done) {
                verdicts.put(programs.get(i), ProgramRuns.read(done.text()));
            }
        }
        asked.incomplete(programs.size() - verdicts.size()).ifPresent(incomplete::add);
        return new ProgramScores(runs.judge().sandbox().isolation().shown(), runs.judge().interpreter().version(),
                verdicts);
    }
}
