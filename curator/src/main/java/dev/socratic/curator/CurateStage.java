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
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.Row;
import dev.socratic.curator.step.Step;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.format.RowWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The stage `curate`.
///
/// Rows flow one by one through all steps up to the next that has to look ahead; there they are spilled to a file, which is read once to
/// look and once to judge. So memory holds what the steps remember (each says how much a row) and never the corpus.
public final class CurateStage {
    public static final String TRAIN = "train.jsonl";
    public static final String REJECTED = "rejected.jsonl";
    public static final String QUARANTINE = "quarantine.jsonl";
    public static final String REPORT = "report.json";

    private final StageContext context;
    private final Scratch scratch;
    private final List<Step> steps = new ArrayList<>();

    private CurateStage(StageContext context, Scratch scratch) {
        this.context = context;
        this.scratch = scratch;
    }

    /// @param answers   rows as [dev.socratic.datasets.row.Trace]; lines that are none go to the quarantine and count as failed
    /// @param questions rows as [dev.socratic.datasets.row.Question], for the questions' own texts; where absent, or for a row whose
    ///                  question is not in it, the last message of the user is taken
    /// @param context   its folder receives the files
    /// @throws DataException if a file is missing or unreadable as a whole
    public static StageReport run(Curation curation, Path answers, Optional<Path> questions, StageContext context) {
        try (Scratch scratch = Scratch.in(context.folder());
                Quarantine quarantine = Quarantine.file(context.folder().resolve(QUARANTINE))) {
            CurateStage stage = new CurateStage(context, scratch);
            try {
                for (StepConfig step : curation.steps()) {
                    stage.steps.add(Steps.of(step, curation.checkedAgainst(),
                            scratch.folder("step-" + stage.steps.size())));
                }
                return stage.run(answers, QuestionTexts.of(questions, quarantine), quarantine);
            } finally {
                stage.steps.forEach(Step::close);
            }
        }
    }

    private StageReport run(Path answers, QuestionTexts texts, Quarantine quarantine) {
        Funnel funnel = new Funnel(steps);
        try (RowWriter train = RowFiles.writer(context.folder().resolve(TRAIN), Format.JSONL);
                RowWriter rejected = RowFiles.writer(context.folder().resolve(REJECTED), Format.JSONL)) {
            long failedBefore = quarantine.count();
            AtomicLong in = new AtomicLong();
            AtomicLong kept = new AtomicLong();
            Rows rows = each -> in.set(read(answers, texts, quarantine, row -> {
                each.accept(row);
                context.progress().done(1);
            }));
            List<Integer> cuts = cuts();
            for (int segment = 0; segment + 1 < cuts.size(); segment++) {
                int from = cuts.get(segment);
                int to = cuts.get(segment + 1);
                if (segment > 0) {
                    rows.each(steps.get(from)::look);
                }
                if (to == steps.size() && segment + 2 == cuts.size()) {
                    judge(rows, from, to, funnel, rejected, row -> {
                        train.write(row.json());
                        kept.incrementAndGet();
                    });
                } else {
                    Path spill = scratch.file("spill-" + segment + ".jsonl");
                    Rows input = rows;
                    RowFiles.write(spill, out -> judge(input, from, to, funnel, rejected, row -> out.write(row.json())));
                    rows = each -> read(spill, texts, Quarantine.refuse(), each);
                }
            }
            long failed = quarantine.count() - failedBefore;
            Counts counts = new Counts(in.get() + failed, kept.get(), funnel.reasons(), failed);
            ObjectNode report = funnel.json(counts);
            report.put("questions_from_messages", texts.fromMessages());
            rejected.commit();
            AtomicFiles.write(context.folder().resolve(REPORT), Json.pretty(report));
            train.commit();
            return new StageReport(counts, Usage.NONE, Map.of("steps", Json.mapper().convertValue(report.get("steps"), List.class)));
        }
    }

    /// Rows that can be walked through, again and again where they are a spill.
    private interface Rows {
        void each(Consumer<Row> consumer);
    }

    /// Where a pass over the rows ends: before every step that looks ahead, so that the rows it will judge are all known, and at the end.
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

    private void judge(Rows rows, int from, int to, Funnel funnel, RowWriter rejected, Consumer<Row> stays) {
        rows.each(row -> {
            for (int step = from; step < to; step++) {
                funnel.in(step);
                switch (steps.get(step).judge(row)) {
                    case Decision.Keep keep -> {}
                    case Decision.Drop drop -> {
                        funnel.dropped(step, drop.reason());
                        rejected.write(row.json().put("step", steps.get(step).name()).put("reason", drop.reason()).set("evidence", drop.evidence()));
                        return;
                    }
                }
            }
            stays.accept(row);
        });
    }

    /// @return how many good rows there were
    private long read(Path file, QuestionTexts texts, Quarantine quarantine, Consumer<Row> consumer) {
        long good = 0;
        try (RowReader reader = RowFiles.read(file, quarantine)) {
            while (reader.hasNext()) {
                var read = reader.next();
                Optional<Row> row = Optional.empty();
                try {
                    row = Optional.of(texts.row(read.json()));
                } catch (DataException e) {
                    quarantine.add(new BadRow(read.file(), read.line(), e.getMessage(), read.json().toString()));
                }
                if (row.isPresent()) {
                    consumer.accept(row.get());
                    good++;
                }
            }
        }
        return good;
    }
}
