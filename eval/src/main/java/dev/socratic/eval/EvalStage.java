package dev.socratic.eval;

import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.row.Question;
import dev.socratic.eval.task.EvalTask;
import dev.socratic.prompts.PromptTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Puts one model through the tasks of an [EvalConfig].
///
/// Writes into its folder, for each task, `samples_<task>_<date>.jsonl`, and one `results_<date>.json`; the date is that of the first run, so a
/// resumed evaluation writes the same files. Row conservation: `in` are the questions, `kept` those scored, `dropped` those without a gold
/// answer, `failed` those the model never answered; accuracy is over the scored ones.
public final class EvalStage {
    private EvalStage() {}

    /// @param name what the model is called in tables
    public static StageReport run(EvalConfig config, String name, TextModel model, StageContext context)
            throws InterruptedException {
        long in = 0;
        long kept = 0;
        long failed = 0;
        Map<String, Long> dropped = new TreeMap<>();
        Usage usage = Usage.NONE;
        Map<String, TaskResult> results = new LinkedHashMap<>();
        Map<String, Object> notes = new LinkedHashMap<>();
        try (Asked asked = new Asked(model, context)) {
            String date = asked.started().toString().replace(':', '-').replace("Z", "");
            for (EvalTask task : config.tasks()) {
                TaskRun run = task(config, task, asked, context);
                AtomicFiles.write(context.folder().resolve("samples_%s_%s.jsonl".formatted(task.name(), date)), out -> {
                    for (Sample sample : run.samples()) {
                        out.write((Json.line(sample.toJson()) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    }
                });
                in += run.questions();
                kept += run.samples().size();
                failed += run.failed();
                if (run.withoutGold() > 0) {
                    dropped.merge("no_gold_answer", run.withoutGold(), Long::sum);
                }
                usage = usage.plus(run.usage());
                TaskResult result = TaskResult.of(task, run);
                results.put(task.name(), result);
                notes.put("accuracy." + task.name(), result.accuracy());
            }
            AtomicFiles.write(
                    context.folder().resolve("results_%s.json".formatted(date)),
                    Json.pretty(ResultsFile.json(config, name, model.card(), asked.started(), results)));
        }
        return new StageReport(Counts.of(in, kept, dropped, failed), usage, notes);
    }

    private static TaskRun task(EvalConfig config, EvalTask task, Asked asked, StageContext context)
            throws InterruptedException {
        PromptTemplate template = PromptTemplate.named(task.prompt());
        List<Question> questions = new ArrayList<>();
        long seen = 0;
        long withoutGold = 0;
        try (Quarantine quarantine = Quarantine.file(context.folder().resolve("quarantine_%s.jsonl".formatted(task.name())));
                var rows = task.questions().open(quarantine, config.seed())) {
            for (Question question : rows) {
                if (task.limit().isPresent() && seen >= task.limit().get()) {
                    break;
                }
                seen++;
                if (question.answer().isEmpty()) {
                    withoutGold++;
                } else {
                    questions.add(question);
                }
            }
        }
        context.progress().total(questions.size());
        List<GenerationRequest> requests = new ArrayList<>();
        for (Question question : questions) {
            List<ChatMessage> messages = template.render(Map.of("question", question.question()));
            Sampling sampling = new Sampling(
                    task.temperature(), task.topP(), task.maxTokens(), Seeds.derive(config.seed(), task.name(), question.id()), task.stop());
            requests.add(new GenerationRequest(question.id(), messages, sampling));
        }
        List<GenerationOutcome> outcomes = asked.answers(requests);
        List<Sample> samples = new ArrayList<>();
        long failed = 0;
        Usage usage = Usage.NONE;
        for (int i = 0; i < outcomes.size(); i++) {
            switch (outcomes.get(i)) {
                case GenerationOutcome.Failure failure -> {
                    failed++;
                    context.progress().note("question %s: %s".formatted(failure.requestId(), failure.problem()));
                }
                case GenerationOutcome.Completion done -> {
                    usage = usage.plus(done.usage());
                    samples.add(Scorer.sample(i, questions.get(i), requests.get(i), done));
                }
            }
        }
        return new TaskRun(samples, seen, withoutGold, failed, usage);
    }

    /// What came of one task.
    ///
    /// @param samples     scored answers
    /// @param questions   questions read
    /// @param withoutGold of these, without a gold answer
    /// @param failed      never answered
    /// @param usage       tokens and cost
    record TaskRun(List<Sample> samples, long questions, long withoutGold, long failed, Usage usage) {
        TaskRun {
            samples = List.copyOf(samples);
        }
    }
}
