package dev.socratic.curator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.config.Curation;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.pii.PiiStep;
import dev.socratic.curator.report.CurationLog;
import dev.socratic.curator.report.CurationPage;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.step.StepModels;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.format.RowWriter;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.Exchange;
import dev.socratic.datasets.source.Exchanges;
import dev.socratic.datasets.source.RowStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// The stage `curate`.
///
/// Rows flow one by one through all steps up to the next that has to look ahead; there they are spilled to
/// a file, which is read once to look and once to judge. So memory holds what the steps remember (each says how much
/// a row) and never the corpus.
public final class CurateStage {
    public static final String TRAIN = "train.jsonl";
    public static final String REJECTED = "rejected.jsonl";
    /// A line for every row that was judged: what became of it, why, what was measured and what was changed.
    public static final String DECISIONS = "decisions.jsonl";
    public static final String QUARANTINE = "quarantine.jsonl";
    public static final String REPORT = "report.json";
    /// The same for people, with examples of every reason.
    public static final String PAGE = "report.html";

    /// Most rows a file that are shown to the steps before they judge.
    private static final long SAMPLE = 1_000;

    private final StageContext context;
    private final Scratch scratch;
    private final List<Step> steps = new ArrayList<>();

    private CurateStage(StageContext context, Scratch scratch) {
        this.context = context;
        this.scratch = scratch;
    }

    /// @param answers   files of rows in any layout that training reads; rows that are none go to the quarantine and
    ///                  count as failed
    /// @param questions rows as [dev.socratic.datasets.row.Question], for the texts and gold answers of what
    ///                  `generate` asked
    /// @param context   its folder receives the files
    /// @return with the notes `steps`, and where rows failed `first_problem` (file, line and reason of the first)
    /// @throws DataException if a file is missing or unreadable as a whole
    public static StageReport run(
            Curation curation, List<Path> answers, Optional<Path> questions, StageContext context) {
        try {
            return run(curation, answers, questions, StepModels.none(answers), context);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("only a step that asks a model waits", impossible);
        }
    }

    /// The same where steps may ask models.
    ///
    /// @param asked opens them, and knows the samples that pass rates are counted over
    public static StageReport run(Curation curation, List<Path> answers, Optional<Path> questions, StepModels asked,
            StageContext context) throws InterruptedException {
        List<ExampleSource.File> files = answers.stream().map(curation.curate()::source).toList();
        try (Scratch scratch = Scratch.in(context.folder());
                FirstBadRow quarantine = new FirstBadRow(Quarantine.file(context.folder().resolve(QUARANTINE)));
                QuestionTexts texts = QuestionTexts.of(questions, quarantine, scratch.file("questions.texts"))) {
            CurateStage stage = new CurateStage(context, scratch);
            try {
                for (StepConfig step : curation.steps()) {
                    Path folder = scratch.folder("step-" + stage.steps.size());
                    stage.steps.add(Steps.of(step,
                            new StepContext(curation.checkedAgainst(), folder, context, asked)));
                }
                stage.sample(files, texts);
                return stage.run(files, texts, quarantine);
            } finally {
                stage.steps.forEach(Step::close);
            }
        }
    }

    /// Shows the steps what the corpus is like before they judge.
    private void sample(List<ExampleSource.File> answers, QuestionTexts texts) {
        for (ExampleSource.File file : answers) {
            long most = Math.min(SAMPLE, file.limit().orElse(Long.MAX_VALUE));
            ExampleSource.File first = new ExampleSource.File(file.path(), file.layout(), file.fields(),
                    Optional.of(most));
            try (RowStream<Exchange> rows = Exchanges.open(first, Quarantine.list())) {
                rows.forEach(exchange -> steps.forEach(step -> step.sample(texts.sample(exchange))));
            }
        }
    }

    private StageReport run(List<ExampleSource.File> answers, QuestionTexts texts,
            FirstBadRow quarantine) throws InterruptedException {
        Funnel funnel = new Funnel(steps);
        try (RowWriter train = RowFiles.writer(context.folder().resolve(TRAIN), Format.JSONL);
                RowWriter rejected = RowFiles.writer(context.folder().resolve(REJECTED), Format.JSONL);
                RowWriter decisions = RowFiles.writer(context.folder().resolve(DECISIONS), Format.JSONL)) {
            CurationLog log = new CurationLog(hiding());
            Outcome outcome = new Outcome(funnel, rejected, decisions, log);
            long failedBefore = quarantine.count();
            AtomicLong in = new AtomicLong();
            AtomicLong kept = new AtomicLong();
            PassageSource rows = each -> in.set(read(answers, texts, quarantine, row -> {
                log.came(row);
                each.accept(Passage.of(row));
                context.progress().done(1);
            }));
            List<Integer> cuts = cuts();
            Optional<Path> spilled = Optional.empty();
            for (int segment = 0; segment + 1 < cuts.size(); segment++) {
                int from = cuts.get(segment);
                int to = cuts.get(segment + 1);
                if (segment > 0) {
                    rows.each(passage -> steps.get(from).look(passage.row(), passage.scores()));
                    steps.get(from).looked();
                }
                if (to == steps.size() && segment + 2 == cuts.size()) {
                    judge(rows, from, to, outcome, texts, passage -> {
                        train.write(passage.row().json());
                        decisions.write(passage.kept());
                        log.kept(passage.row(), passage.scores());
                        kept.incrementAndGet();
                    });
                } else {
                    Path spill = scratch.file("spill-" + segment + ".jsonl");
                    PassageSource input = rows;
                    RowFiles.write(spill,
                            out -> judge(input, from, to, outcome, texts, passage -> out.write(passage.spilled())));
                    rows = each -> read(spill, texts, each);
                    spilled.ifPresent(Scratch::delete); // its rows that stayed are in the next
                    spilled = Optional.of(spill);
                }
            }
            long failed = quarantine.count() - failedBefore;
            Counts counts = new Counts(in.get() + failed, kept.get(), funnel.reasons(), failed);
            ObjectNode report = funnel.json(counts);
            report.put("questions_from_messages", texts.fromMessages());
            log.tell(report);
            rejected.commit();
            decisions.commit();
            AtomicFiles.write(context.folder().resolve(REPORT), Json.pretty(report));
            AtomicFiles.write(context.folder().resolve(PAGE), CurationPage.html(report, log));
            train.commit();
            Map<String, Object> notes = new LinkedHashMap<>();
            notes.put("steps", Json.mapper().convertValue(report.get("steps"), List.class));
            quarantine.first().ifPresent(row -> notes.put("first_problem", "%s:%s: %s; all of them: %s/%s".formatted(
                    row.file(), row.line(), row.reason(), context.folder().getFileName(), QUARANTINE)));
            return new StageReport(counts, steps.stream().map(Step::spent).reduce(Usage.NONE, Usage::plus), notes,
                    steps.stream().flatMap(step -> step.incomplete().stream()).findFirst());
        }
    }

    private UnaryOperator<String> hiding() {
        return steps.stream().filter(step -> step instanceof PiiStep).map(step -> ((PiiStep) step).hiding())
                .reduce(UnaryOperator.identity(), (a, b) -> text -> b.apply(a.apply(text)));
    }

    /// Rows that can be walked through, again and again where they are a spill.
    private interface PassageSource {
        void each(Consumer<Passage> consumer);
    }

    /// Where it is written down what becomes of rows.
    private record Outcome(Funnel funnel, RowWriter rejected, RowWriter decisions, CurationLog log) {
        void dropped(int number, String step, Passage passage, Decision.Drop drop) {
            funnel.dropped(number, drop.reason());
            decisions.write(passage.dropped(step, drop));
            log.dropped(step, drop.reason(), passage.row(), drop.evidence(), passage.scores());
            rejected.write(passage.row().json().put("step", step).put("reason", drop.reason())
                    .set("evidence", drop.evidence()));
        }
    }

    /// Where a pass over the rows ends: before every step that looks ahead, so that the rows it will judge are all
    /// known, and at the end.
    private List<Integer> cuts() {
        List<Integer> cuts = new ArrayList<>(List.of(0));
        for (int step = 0; step < steps.size(); step++) {
            if (steps.get(step).looksAhead()) {
                cuts.add(step);
            }
        }
        cuts.add(steps.size());
        return cuts;
    }

    private void judge(PassageSource rows, int from, int to, Outcome outcome, QuestionTexts texts,
            Consumer<Passage> stays) {
        rows.each(row -> {
            Passage passage = row;
            for (int number = from; number < to; number++) {
                Step step = steps.get(number);
                outcome.funnel().in(number);
                Decision decision = step.judge(passage.row(), passage.scores());
                passage = passage.measured(step.name(), decision);
                switch (decision) {
                    case Decision.Keep keep -> {}
                    case Decision.Edit edit -> {
                        outcome.funnel().edited(number, edit.reason());
                        passage = passage.edited(step.name(), edit, json -> texts.row(Exchange.of(json)));
                        outcome.log().edited(step.name(), edit.reason(), passage.row(), edit.evidence());
                    }
                    case Decision.Drop drop -> {
                        if (!overruled(number, passage.row())) {
                            outcome.dropped(number, step.name(), passage, drop);
                            return;
                        }
                        outcome.funnel().overruled(number, drop.reason());
                        passage = passage.overruled(step.name(), drop);
                    }
                }
            }
            stays.accept(passage);
        });
    }

    /// @return whether a step before this one holds the row against it
    private boolean overruled(int number, Candidate row) {
        String name = steps.get(number).name();
        return steps.subList(0, number).stream().anyMatch(step -> step.overrules(row, name));
    }

    /// @return how many good rows there were
    private static long read(
            List<ExampleSource.File> files, QuestionTexts texts, Quarantine quarantine, Consumer<Candidate> consumer) {
        long good = 0;
        for (ExampleSource.File file : files) {
            try (RowStream<Candidate> rows = Exchanges.open(file, quarantine, (exchange, row) -> file.fields().isEmpty()
                    ? texts.row(exchange) : texts.mapped(exchange))) {
                for (Candidate row : rows) {
                    consumer.accept(row);
                    good++;
                }
            }
        }
        return good;
    }

    /// Rows that this stage wrote itself.
    private static void read(Path spill, QuestionTexts texts, Consumer<Passage> consumer) {
        try (RowReader rows = RowFiles.read(spill, Quarantine.refuse())) {
            while (rows.hasNext()) {
                consumer.accept(Passage.of(rows.next().json(), json -> texts.row(Exchange.of(json))));
            }
        }
    }
}
