package dev.socratic.generator;

import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.Asker;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.TextModel;
import dev.socratic.datasets.row.Trace;
import dev.socratic.generator.engine.Actor;
import dev.socratic.generator.plan.GenerationSettings;
import dev.socratic.generator.plan.RequestPlan;
import dev.socratic.generator.strategy.Ask;
import dev.socratic.generator.strategy.Strategy;
import dev.socratic.generator.verify.Verifier;
import dev.socratic.generator.verify.code.CodeChecker;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Questions in, reasoned answers out: plan, ask what is not answered yet, write the files.
///
/// In the stage's folder: `answers.jsonl` (rows that passed every check), `rejected.jsonl` (rows that did not, with
/// `reason`), `failed.jsonl` (requests without an answer), `questions.jsonl` (what was asked, so that later stages
/// know a question without the prompt around it), `quarantine.jsonl` (questions that could not be read). Answers lie
/// in the run's own store ([AskStore]). The files say the same, byte for byte, however often the stage was killed and
/// run again, as long as the teacher gives the same answers to the same seeds or is asked only once for each, which
/// the store sees to.
///
/// Rows are wanted answers: `in` = questions (repeated and unreadable ones too) times samples. Where the budget ends
/// or the teacher stops answering, the files hold what there is, and the report says that the stage is incomplete.
public final class GenerateStage {
    /// The stage, and the account its spending is booked on.
    public static final String NAME = "generate";

    /// Reason of rows that were not asked for because their question had come before.
    public static final String REPEATED = "repeated_question";

    /// The file of questions asked.
    public static final String QUESTIONS = "questions.jsonl";

    /// The file of answers that passed.
    public static final String ANSWERS = TraceWriter.ANSWERS;

    /// The file of answers that did not.
    public static final String REJECTED = TraceWriter.REJECTED;

    private GenerateStage() {}

    /// @param teacher whom the config means, opened by the caller and closed by it
    /// @return counts, what was spent over all runs, and as notes: `questions`, `temporary_failures` (asked again by
    ///         the next run), `reject_share`, `failed_share`, `first_problem` where a request has no answer, and
    ///         whatever the teacher says of itself
    /// @throws ConfigException     if prompt, key or model are wrong
    /// @throws dev.socratic.core.error.RetryLaterException if the disk is full: the same command goes on
    public static StageReport run(GenerateConfig config, TextModel teacher, StageContext context)
            throws InterruptedException {
        return run(config, Map.of(Strategy.TEACHER, new Actor(teacher, config.teacher())), context);
    }

    /// The same with everybody whom the strategy's roles name.
    ///
    /// @param cast by the name that roles have for them; `teacher` is whom the config means
    public static StageReport run(GenerateConfig config, Map<String, Actor> cast, StageContext context)
            throws InterruptedException {
        TextModel teacher = cast.get(Strategy.TEACHER).model();
        Prompting prompting = Prompting.of(config.prompt(), config.fewShot());
        Path quarantine = context.folder().resolve("quarantine.jsonl");
        Questions questions =
                Questions.read(config.questions(), config.limit(), config.seed(), quarantine, context.progress());
        if (questions.all().isEmpty()) {
            throw new ConfigException(
                    "questions", "at least one question", "none", "check the source and its field names");
        }
        prompting.check(questions.all());
        if (!(config.strategy() instanceof Ask)) {
            return new StrategyStage(config, prompting, cast, context).run(questions);
        }
        questions.write(context.folder().resolve(QUESTIONS));
        ModelCard card = teacher.card();
        GenerationSettings asking = new GenerationSettings(
                new Trace.Teacher(card.name(), card.place(), card.revision()),
                prompting.row(),
                prompting::messages,
                config.sampling(),
                config.seed(),
                config.samples());
        RequestPlan plan = new RequestPlan(questions.all(), asking);
        String stage = context.run().stage();
        Optional<CodeChecker> code = config.code().map(CodeChecker::open);
        Verifier verifier =
                new Verifier(config.checks(), asking.teacher(), asking.prompt(), config.teacher()::price, code);
        try (AskStore store = AskStore.open(context.run().asks())) {
            store.notes().forEach(context.progress()::note);
            Asker asker = new Asker(plan, teacher, store, stage, config.budget(), stage::equals, context.progress());
            try {
                return written(config, questions, plan, asker.ask(), verifier, context, () -> {
                    Map<String, Object> further = new LinkedHashMap<>(teacher.notes());
                    code.ifPresent(checker -> further.putAll(checker.notes()));
                    return further;
                });
            } finally {
                context.run().spent().accept(store.spent(stage::equals));
            }
        } finally {
            code.ifPresent(CodeChecker::close);
        }
    }

    private static StageReport written(
            GenerateConfig config, Questions questions, RequestPlan plan, AskOutcome asked, Verifier verifier,
            StageContext context, Supplier<Map<String, Object>> further) {
        try (TraceWriter files = new TraceWriter(context.folder(), verifier, context.threads())) {
            for (int number = 0; number < plan.size(); number++) {
                files.write(plan.ask(number), asked.outcome(number));
            }
            files.commit();
            return report(config, questions, files, asked, further.get());
        }
    }

    private static StageReport report(
            GenerateConfig config, Questions questions, TraceWriter files, AskOutcome asked,
            Map<String, Object> further) {
        long samples = config.samples();
        Map<String, Long> dropped = new TreeMap<>(files.dropped());
        if (questions.repeated() > 0) {
            dropped.put(REPEATED, questions.repeated() * samples);
        }
        long in = (questions.all().size() + questions.repeated() + questions.bad()) * samples;
        Counts counts = Counts.of(in, files.kept(), dropped, files.failures() + questions.bad() * samples);
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("questions", questions.all().size() + questions.repeated() + questions.bad());
        notes.put("temporary_failures", files.temporary());
        notes.put("reject_share", (double) (in - files.kept()) / in);
        notes.put("failed_share", (double) counts.failed() / in);
        files.firstProblem().ifPresent(problem -> notes.put("first_problem", problem));
        notes.putAll(further);
        return new StageReport(counts, asked.spent(), notes, asked.incomplete(files.temporary()));
    }
}
