package dev.socratic.eval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.Asker;
import dev.socratic.core.ask.Asks;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.harness.SuiteResults;
import dev.socratic.eval.harness.SuiteRun;
import dev.socratic.eval.judged.JudgedResults;
import dev.socratic.eval.judged.JudgedRun;
import dev.socratic.eval.judged.JudgedTask;
import dev.socratic.eval.judged.NamedModels;
import dev.socratic.eval.stats.Interval;
import dev.socratic.eval.task.EvalTask;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Puts one model through the tasks of an [EvalConfig].
///
/// Writes into its folder, for each task, `samples_<task>_<date>.jsonl` and `quarantine_<task>.jsonl`, and one
/// `results_<date>.json`; the date is when the evaluation was first begun, so one that goes on writes the same files.
/// Row conservation: `in` are the rows read, `kept` those answered, `dropped` those without a gold answer or not
/// needed any more, `failed` those without an answer or that are no question.
///
/// Accuracy is over every question with a gold answer: one that the model cannot answer (longer than its context,
/// refused by its endpoint) is wrong, for a model must not look better by failing on what is hard. Where questions
/// are still open (an outage, a budget) the evaluation is incomplete, and has no accuracy.
public final class EvalStage {
    /// What the accounts of evaluations begin with: `eval/<model>`.
    public static final String NAME = "eval";

    private EvalStage() {}

    /// @param name what the model is called in tables
    /// @throws dev.socratic.core.error.ConfigException if a prompt or its examples are wrong, before anything is asked
    /// @throws dev.socratic.core.error.DataException   if a file of questions cannot be read at all, or holds none
    ///         with a gold answer
    public static StageReport run(EvalConfig config, String name, TextModel model, StageContext context)
            throws InterruptedException {
        return run(config, name, model, NamedModels.NONE, context);
    }

    /// The same where tasks name other models.
    public static StageReport run(EvalConfig config, String name, TextModel model, NamedModels others,
            StageContext context) throws InterruptedException {
        AnswerTokens.check(config.tasks(), model);
        List<PreparedTask> tasks = new ArrayList<>();
        for (EvalTask task : config.tasks()) {
            tasks.add(PreparedTask.of(task, config.seed(), context.folder()));
        }
        List<String> taken = Stream.concat(config.tasks().stream().map(EvalTask::name),
                config.judged().stream().map(JudgedTask::name)).toList();
        SuiteRun suites = SuiteRun.of(config.suites(), taken, model, config.seed());
        JudgedRun judged = JudgedRun.of(config.judged(), config.seed(), context.folder());
        String stage = context.run().stage();
        Predicate<String> evaluations = other -> other.equals(stage) || other.startsWith(NAME + "/");
        try (AskStore store = AskStore.open(context.run().asks())) {
            store.notes().forEach(context.progress()::note);
            try {
                List<PreparedTask> some = tasks.stream().map(EvalStage::begun).toList();
                while (true) {
                    Asks asks = Asks.of(some.stream().flatMap(task -> task.asked().stream())
                            .flatMap(question -> question.requests().stream()).toList());
                    AskOutcome asked = new Asker(asks, model, store, stage, config.budget(), evaluations,
                            context.progress()).ask();
                    Map<String, TaskResult> results = results(some, asked);
                    List<PreparedTask> more = further(tasks, results);
                    if (more.equals(some)) {
                        tell(results, context.progress());
                        SuiteResults found = suites.ask(store, stage, config.budget(), evaluations,
                                context.progress(), context.threads());
                        JudgedResults said = judged.ask(name, model, others, store, stage, config.budget(),
                                evaluations, context.progress());
                        write(config, name, model, AnswerTokens.added(results, model), found, said, context);
                        return report(results, found, said, asked, store.spent(stage::equals), model.notes());
                    }
                    some = more;
                }
            } finally {
                context.run().spent().accept(store.spent(stage::equals));
            }
        }
    }

    /// A task that may stop early begins with its first lot.
    private static PreparedTask begun(PreparedTask task) {
        return task.task().stopEarly().map(stop -> task.first(stop.batch())).orElse(task);
    }

    /// @return what is asked next: another lot where the score of a task is not known well enough, and nothing is open
    private static List<PreparedTask> further(List<PreparedTask> tasks, Map<String, TaskResult> results) {
        return tasks.stream().map(task -> {
            TaskResult result = results.get(task.task().name());
            int asked = result.asking().asked().size();
            return task.task().stopEarly().filter(stop -> result.open() == 0).map(stop -> {
                Interval interval = result.figures().ci95();
                boolean known = interval.high() - interval.low() <= 2 * stop.halfWidth();
                return task.first(known ? asked : asked + stop.batch());
            }).orElse(result.asking());
        }).toList();
    }

    private static void tell(Map<String, TaskResult> results, Progress progress) {
        results.forEach((task, result) -> {
            result.samples().stream().filter(Sample::failed).findFirst().ifPresent(first -> progress.note(
                    "%s: %s questions have no answer and count as wrong; the first, %s: %s"
                            .formatted(task, result.failed(), first.docId(), first.why())));
            if (result.asking().spared() > 0 && result.open() == 0) {
                progress.note("%s: known well enough after %s questions; %s were not asked".formatted(task,
                        result.samples().size(), result.asking().spared()));
            }
        });
    }

    private static Map<String, TaskResult> results(List<PreparedTask> tasks, AskOutcome asked) {
        Map<String, TaskResult> results = new LinkedHashMap<>();
        int number = 0;
        for (PreparedTask task : tasks) {
            List<Sample> samples = new ArrayList<>();
            long open = 0;
            Usage usage = Usage.NONE;
            for (PreparedTask.Instance question : task.asked()) {
                List<GenerationOutcome> outcomes = new ArrayList<>();
                for (int i = 0; i < question.requests().size(); i++) {
                    outcomes.add(asked.outcome(number++));
                }
                usage = outcomes.stream().map(EvalStage::usage).reduce(usage, Usage::plus);
                if (outcomes.stream().anyMatch(EvalStage::isOpen)) {
                    open++;
                } else {
                    samples.add(ExactMatch.sample(question, outcomes));
                }
            }
            TaskResult result = new TaskResult(task, samples, usage, open);
            results.put(task.task().name(), result);
        }
        return results;
    }

    private static Usage usage(GenerationOutcome outcome) {
        return outcome instanceof GenerationOutcome.Completion done ? done.usage() : Usage.NONE;
    }

    private static boolean isOpen(GenerationOutcome outcome) {
        return outcome instanceof GenerationOutcome.Failure failed && failed.temporary();
    }

    private static void write(EvalConfig config, String name, TextModel model, Map<String, TaskResult> results,
            SuiteResults suites, JudgedResults judged, StageContext context) {
        Instant started = context.run().started().truncatedTo(ChronoUnit.SECONDS);
        String date = started.toString().replace(':', '-').replace("Z", "");
        results.forEach((task, result) -> {
            Path file = context.folder().resolve("samples_%s_%s.jsonl".formatted(task, date));
            AtomicFiles.write(file, result::write);
        });
        suites.write(context.folder(), date);
        judged.write(context.folder(), date);
        ObjectNode file = ResultsFile.json(config, name, model, started, results);
        suites.into(file);
        judged.into(file);
        AtomicFiles.write(context.folder().resolve("results_%s.json".formatted(date)), Json.pretty(file));
    }

    /// @param further what the model says of itself
    private static StageReport report(
            Map<String, TaskResult> results, SuiteResults suites, JudgedResults judged, AskOutcome asked, Usage spent,
            Map<String, Object> further) {
        SuiteResults.Sums sums = suites.sums();
        JudgedResults.Sums said = judged.sums();
        long in = sums.asked() + said.read();
        long kept = in - sums.failed() - said.failed();
        long withoutGold = 0;
        long spared = 0;
        long failed = sums.failed() + said.failed();
        long open = 0;
        Map<String, Object> notes = new LinkedHashMap<>();
        for (Map.Entry<String, TaskResult> entry : results.entrySet()) {
            TaskResult result = entry.getValue();
            in += result.asking().in();
            kept += result.samples().size() - result.failed();
            withoutGold += result.asking().withoutGold();
            // Where a lot is not whole nobody knows yet whether the others are needed.
            spared += result.open() == 0 ? result.asking().spared() : 0;
            failed += result.open() == 0 ? 0 : result.asking().spared();
            failed += result.asking().unreadable() + result.failed() + result.open();
            open += result.open();
            if (result.open() == 0) {
                notes.put("accuracy." + entry.getKey(), result.accuracy());
            }
            notes.put("truncated." + entry.getKey(), result.truncated());
            notes.put("failed." + entry.getKey(), result.failed());
            notes.put("open." + entry.getKey(), result.open());
        }
        notes.putAll(suites.notes());
        notes.putAll(judged.notes());
        notes.putAll(further);
        Map<String, Long> dropped = new TreeMap<>();
        if (withoutGold > 0) {
            dropped.put("no_gold_answer", withoutGold);
        }
        if (spared > 0) {
            dropped.put("not_needed", spared);
        }
        return new StageReport(Counts.of(in, kept, dropped, failed), spent, notes,
                asked.incomplete(open).or(suites::incomplete).or(judged::incomplete));
    }
}
