package dev.socratic.generator;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.row.Trace;
import dev.socratic.generator.budget.Budget;
import dev.socratic.generator.journal.AnswerJournal;
import dev.socratic.generator.journal.Answered;
import dev.socratic.generator.plan.Asking;
import dev.socratic.generator.plan.Plan;
import dev.socratic.generator.verify.Verifier;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Questions in, reasoned answers out: plan, ask what is not answered yet, write the files.
///
/// In the stage's folder: the journal, `answers.jsonl` (rows that passed every check), `rejected.jsonl` (rows that did not, with `reason`),
/// `failed.jsonl` (requests without an answer), `questions.jsonl` (what was asked, so that later stages know a question without the prompt
/// around it), `quarantine.jsonl` (questions that could not be read). The files say the same, byte for
/// byte, however often the stage was killed and run again, as long as the teacher gives the same answers to the same seeds or is asked
/// only once for each, which the journal sees to.
///
/// Rows are wanted answers: `in` = questions (repeated and unreadable ones too) times samples.
public final class GenerateStage {
    /// Reason of rows that were not asked for because their question had come before.
    public static final String REPEATED = "repeated_question";

    /// The file of questions asked.
    public static final String QUESTIONS = "questions.jsonl";

    /// The file of requests without an answer.
    public static final String FAILED = StageFiles.FAILED;

    private GenerateStage() {}

    /// @param teacher whom the config means, opened by the caller and closed by it
    /// @return counts, what was spent over all runs, and as notes: `questions`, `temporary_failures` (asked again by the next run), `reject_share`,
    ///         `over_reject_limit`
    /// @throws ConfigException     if prompt, key or model are wrong
    /// @throws RetryLaterException if the budget is used up, the teacher is not there, or the disk is full: the same command goes on
    public static StageReport run(GenerateConfig config, TextModel teacher, StageContext context) throws InterruptedException {
        Prompting prompting = Prompting.of(config.prompt(), config.fewShot());
        Questions questions = Questions.read(
                config.questions(), config.limit(), config.seed(), context.folder().resolve("quarantine.jsonl"), context.progress());
        if (questions.all().isEmpty()) {
            throw new ConfigException("questions", "at least one question", "none", "check the source and its field names");
        }
        questions.write(context.folder().resolve(QUESTIONS));
        ModelCard card = teacher.card();
        teacher.onNote(context.progress()::note);
        Asking asking = new Asking(
                new Trace.Teacher(card.name(), card.place(), card.revision()),
                prompting.row(),
                prompting::messages,
                config.sampling().seeded(config.seed()),
                config.samples());
        Plan plan = new Plan(questions.all(), asking, card.unit());
        Verifier verifier = new Verifier(config.checks(), asking.teacher(), asking.prompt(), config.teacher()::price);
        try (AnswerJournal journal = AnswerJournal.open(context.folder())) {
            journal.note().ifPresent(context.progress()::note);
            Resumed resumed = Resumed.of(plan, journal);
            Budget budget = new Budget(config.budget().maxUsd(), config.budget().maxTokens(), resumed.spent());
            Asker asker = new Asker(plan, teacher, config.teacher(), journal, budget, context.progress());
            tell(plan, resumed, context.progress());
            Map<Integer, Answered> passing = new HashMap<>();
            asker.askAllBut(resumed.done()).forEach((key, answered) -> passing.put(resumed.numbers().get(key), answered));
            try (StageFiles files = new StageFiles(context.folder(), verifier, context.threads())) {
                AnswerSorter.sort(plan, resumed.numbers(), passing, journal, files::write);
                files.commit();
                return report(config, questions, files, budget.spent(), teacher.notes());
            }
        }
    }

    /// What earlier runs left.
    ///
    /// @param numbers the plan's units by key
    /// @param done    units that are answered for good
    /// @param rows    requests in those
    /// @param spent   by everything in the journal, this plan's or another's
    private record Resumed(Map<String, Integer> numbers, BitSet done, long rows, Usage spent) {
        static Resumed of(Plan plan, AnswerJournal journal) {
            Map<String, Integer> numbers = new HashMap<>();
            for (int i = 0; i < plan.units(); i++) {
                numbers.put(Plan.key(plan.unit(i)), i);
            }
            BitSet done = new BitSet();
            long[] rows = {0};
            Usage[] spent = {Usage.NONE};
            journal.replay(answered -> {
                spent[0] = spent[0].plus(answered.usage());
                if (numbers.containsKey(answered.key()) && !done.get(numbers.get(answered.key()))) {
                    done.set(numbers.get(answered.key()));
                    rows[0] += answered.outcomes().size();
                }
            });
            return new Resumed(numbers, done, rows[0], spent[0]);
        }
    }

    private static void tell(Plan plan, Resumed resumed, Progress progress) {
        progress.total(plan.requests());
        progress.done(resumed.rows());
        if (resumed.rows() > 0) {
            progress.note("%s of %s answers are there from earlier runs".formatted(resumed.rows(), plan.requests()));
        }
    }

    private static StageReport report(GenerateConfig config, Questions questions, StageFiles files, Usage spent,
            Map<String, Object> teacher) {
        long samples = config.samples();
        Map<String, Long> dropped = new TreeMap<>(files.dropped());
        if (questions.repeated() > 0) {
            dropped.put(REPEATED, questions.repeated() * samples);
        }
        long in = (questions.all().size() + questions.repeated() + questions.bad()) * samples;
        Counts counts = Counts.of(in, files.kept(), dropped, files.failures() + questions.bad() * samples);
        double share = (double) (in - files.kept()) / in;
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("questions", questions.all().size() + questions.repeated() + questions.bad());
        notes.put("temporary_failures", files.temporary());
        notes.put("reject_share", share);
        notes.put("over_reject_limit", share > config.rejectLimit());
        notes.putAll(teacher);
        return new StageReport(counts, spent, notes);
    }
}
