package dev.socratic.eval;

import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.task.EvalTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Puts one model through the tasks of an [EvalConfig].
///
/// Writes into its folder, for each task, `samples_<task>_<date>.jsonl` and `quarantine_<task>.jsonl`, and one `results_<date>.json`; the
/// date is that of the first run, kept in the journal, so a resumed evaluation writes the same files. Row conservation: `in` are the rows
/// read, `kept` those scored, `dropped` those without a gold answer, `failed` those the model never answered or that are no question;
/// accuracy is over the scored ones.
public final class EvalStage {
    private EvalStage() {}

    /// @param name what the model is called in tables
    /// @throws dev.socratic.core.error.ConfigException if a prompt or its examples are wrong, before anything is asked
    /// @throws dev.socratic.core.error.DataException   if a file of questions cannot be read at all
    public static StageReport run(EvalConfig config, String name, TextModel model, StageContext context) throws InterruptedException {
        List<Asking> tasks = new ArrayList<>();
        for (EvalTask task : config.tasks()) {
            tasks.add(Asking.of(task, config.seed(), context.folder()));
        }
        context.progress().total(tasks.stream().mapToLong(task -> task.asked().size()).sum());
        Map<String, TaskResult> results = new LinkedHashMap<>();
        try (Answers answers = new Answers(context)) {
            Interview interview = new Interview(model, answers, context.progress());
            String date = answers.started().toString().replace(':', '-').replace("Z", "");
            for (Asking asking : tasks) {
                TaskResult result = task(asking, interview);
                AtomicFiles.write(context.folder().resolve("samples_%s_%s.jsonl".formatted(asking.task().name(), date)), result::write);
                results.put(asking.task().name(), result);
            }
            AtomicFiles.write(
                    context.folder().resolve("results_%s.json".formatted(date)),
                    Json.pretty(ResultsFile.json(config, name, model.card(), answers.started(), results)));
        }
        return report(results);
    }

    private static TaskResult task(Asking asking, Interview interview) throws InterruptedException {
        List<GenerationOutcome> outcomes =
                interview.ask(asking.asked().stream().map(Asking.Asked::request).toList());
        List<Sample> samples = new ArrayList<>();
        Usage usage = Usage.NONE;
        for (int i = 0; i < outcomes.size(); i++) {
            switch (outcomes.get(i)) {
                case GenerationOutcome.Failure failure ->
                    interview.progress().note("question %s: %s".formatted(failure.requestId(), failure.problem()));
                case GenerationOutcome.Completion done -> {
                    usage = usage.plus(done.usage());
                    samples.add(Scorer.sample(asking.asked().get(i), done));
                }
            }
        }
        return new TaskResult(asking, samples, usage);
    }

    private static StageReport report(Map<String, TaskResult> results) {
        long in = 0;
        long kept = 0;
        long withoutGold = 0;
        long failed = 0;
        Usage usage = Usage.NONE;
        Map<String, Object> notes = new LinkedHashMap<>();
        for (Map.Entry<String, TaskResult> entry : results.entrySet()) {
            TaskResult result = entry.getValue();
            in += result.asking().in();
            kept += result.samples().size();
            withoutGold += result.asking().withoutGold();
            failed += result.asking().unreadable() + result.failed();
            usage = usage.plus(result.usage());
            notes.put("accuracy." + entry.getKey(), result.accuracy());
            notes.put("truncated." + entry.getKey(), result.truncated());
        }
        Map<String, Long> dropped = new TreeMap<>();
        if (withoutGold > 0) {
            dropped.put("no_gold_answer", withoutGold);
        }
        return new StageReport(Counts.of(in, kept, dropped, failed), usage, notes);
    }
}
