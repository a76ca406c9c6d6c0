package dev.socratic.generator;

import dev.socratic.core.ask.AskStore;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.Usage;
import dev.socratic.generator.engine.Actor;
import dev.socratic.generator.engine.StrategyRun;
import dev.socratic.generator.step.StageAsking;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The stage where a strategy leads conversations. Rows are what conversations come to, so that `in` is known when they
/// are over: `in` = rows kept and rejected + conversations without an answer + questions that were no question or
/// came twice.
///
/// @param cast the models by the name that roles have for them
record StrategyStage(GenerateConfig config, Prompting prompting, Map<String, Actor> cast, StageContext context) {

    StageReport run(Questions questions) throws InterruptedException {
        String stage = context.run().stage();
        Path folder = context.folder();
        try (AskStore store = AskStore.open(context.run().asks())) {
            store.notes().forEach(context.progress()::note);
            try {
                StrategyRun.Outcome outcome = of(config, prompting, cast).run(
                        questions.all(), folder.resolve(GenerateStage.QUESTIONS),
                        folder.resolve(GenerateStage.ANSWERS), folder.resolve(GenerateStage.REJECTED),
                        folder.resolve(TraceWriter.FAILED), config.budget(), store, context);
                return report(questions, outcome, store.spent(stage::equals));
            } finally {
                context.run().spent().accept(store.spent(stage::equals));
            }
        }
    }

    static StrategyRun of(GenerateConfig config, Prompting prompting, Map<String, Actor> cast) {
        return new StrategyRun(
                config.strategy(),
                new StageAsking(prompting::messages, prompting.row(), config.sampling(), config.seed(), Map.of(),
                        Map.of()),
                cast, config.checks(), config.samples());
    }

    private StageReport report(Questions questions, StrategyRun.Outcome outcome, Usage spent) {
        SortedMap<String, Long> dropped = new TreeMap<>(outcome.dropped());
        if (questions.repeated() > 0) {
            dropped.merge(GenerateStage.REPEATED, questions.repeated(), Long::sum);
        }
        long failed = outcome.failed() + questions.bad();
        long in = outcome.kept() + failed + dropped.values().stream().mapToLong(Long::longValue).sum();
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("questions", questions.all().size() + questions.repeated() + questions.bad());
        notes.put("strategy", config.strategy().name());
        notes.put("questions_made", outcome.made());
        notes.put("figures", outcome.figures());
        notes.put("temporary_failures", outcome.temporary());
        notes.put("reject_share", in == 0 ? 0 : (double) (in - outcome.kept()) / in);
        notes.put("failed_share", in == 0 ? 0 : (double) failed / in);
        outcome.firstProblem().ifPresent(problem -> notes.put("first_problem", problem));
        cast.values().forEach(actor -> notes.putAll(actor.model().notes()));
        return new StageReport(Counts.of(in, outcome.kept(), dropped, failed), spent, notes, incomplete(outcome));
    }

    private static Optional<String> incomplete(StrategyRun.Outcome outcome) {
        if (outcome.temporary() == 0) {
            return Optional.empty();
        }
        String why = outcome.stop().or(() -> outcome.firstProblem().map(first -> "the first: " + first))
                .orElse("the run was stopped");
        return Optional.of(String.format(Locale.ROOT,
                "%d conversations without an answer they need: %s; everything answered is kept: %s",
                outcome.temporary(), why,
                outcome.stop().filter(stop -> stop.startsWith("budget.")).isPresent()
                        ? "raise the budget and run the same command again"
                        : "run the same command again to go on with them"));
    }
}
