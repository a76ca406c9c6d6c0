package dev.socratic.curator.judge;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.Asker;
import dev.socratic.core.config.NamedFiles;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.config.ScoreConfig.Judge;
import dev.socratic.curator.score.Cutoffs;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.step.Threshold;
import dev.socratic.curator.store.TextStore;
import dev.socratic.prompts.judge.LabelAgreement;
import dev.socratic.prompts.judge.Labels;
import dev.socratic.prompts.judge.Rubric;
import dev.socratic.prompts.judge.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks a judge about every row, by a rubric. Equal prompts are one request; what was answered before in the run
/// folder is not asked again, so another limit costs nothing.
///
/// A verdict that cannot be read is no verdict: the row is `unreadable`, is counted, and what the judge wrote stands in
/// its evidence where it goes for that. Rows the judge refuses for good are `unanswered`; rows still to be asked (a
/// budget, an outage) are `open`, and the stage is incomplete.
///
/// Memory: about 200 bytes a row; prompts and verdicts lie in files.
public final class JudgeStep implements Step {
    private static final int QUOTED = 400;

    private final Judge config;
    private final Rubric rubric;
    private final StepContext context;
    private final Cutoffs cutoffs;
    private final TextStore prompts;
    private final TextStore answers;
    private final List<String> ids = new ArrayList<>();
    private final List<Said> said = new ArrayList<>();
    private final LabelAgreement agreement = new LabelAgreement();
    private final Map<String, Double> labels;
    private Optional<String> incomplete = Optional.empty();
    private Usage spent = Usage.NONE;
    private String judge = "";
    private int judged;

    public JudgeStep(Judge config, StepContext context) {
        this.config = config;
        this.rubric = Rubric.read(config.rubric(), Rubric.ANSWER);
        this.context = context;
        rubric.check("judge.of", config.of());
        this.labels = config.labels().map(Labels::read).orElse(Map.of());
        this.cutoffs = new Cutoffs(name(), rubric.score(config.of()), config.limits());
        this.prompts = new TextStore(context.scratch().resolve("judge.prompts"));
        this.answers = new TextStore(context.scratch().resolve("judge.answers"));
    }

    /// @param values by criterion; empty where there is no verdict
    /// @param why    there is none
    /// @param answer number of what the judge wrote; -1 where it wrote nothing
    private record Said(Optional<RowScores> values, String why, int answer) {}

    @Override
    public String name() {
        return "judge";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row) {
        prompts.add(JudgeRequests.prompt(rubric, row));
        ids.add(row.id());
    }

    @Override
    public void looked() throws InterruptedException {
        if (!ids.isEmpty()) {
            ask();
        }
        cutoffs.close();
    }

    private void ask() throws InterruptedException {
        StageContext stage = context.stage();
        String account = stage.run().stage();
        try (TextModel model = context.models().opener().open(config.model());
                AskStore store = AskStore.open(context.asked())) {
            judge = model.card().name() + " " + model.card().place();
            store.notes().forEach(stage.progress()::note);
            Asker asker = new Asker(new JudgeRequests(config, rubric, ids, prompts), model, store, account,
                    config.budget(), account::equals, new JudgeProgress(stage.progress(), ids.size()));
            try {
                take(asker.ask());
            } finally {
                spent = store.spent(account::equals);
                stage.run().spent().accept(spent);
            }
        }
    }

    private void take(AskOutcome asked) {
        long open = 0;
        for (int row = 0; row < ids.size(); row++) {
            Said one = switch (asked.outcome(row)) {
                case GenerationOutcome.Completion done -> read(done.text());
                case GenerationOutcome.Failure failed when failed.temporary() -> none("open", failed.problem());
                case GenerationOutcome.Failure failed -> none("unanswered", failed.problem());
            };
            open += one.why().equals("open") ? 1 : 0;
            said.add(one);
            Optional<Double> value = one.values().map(values -> values.values().get(rubric.score(config.of())));
            value.ifPresentOrElse(cutoffs::add, () -> cutoffs.addUnscored(one.why()));
            Optional.ofNullable(labels.get(ids.get(row)))
                    .ifPresent(label -> value.ifPresent(score -> agreement.add(label, score)));
        }
        incomplete = asked.incomplete(open);
    }

    private Said read(String written) {
        int number = answers.add(written);
        return Verdict.read(rubric, written)
                .map(values -> new Said(Optional.of(new RowScores(values)), "", number))
                .orElseGet(() -> new Said(Optional.empty(), "unreadable", number));
    }

    private Said none(String why, String problem) {
        return new Said(Optional.empty(), why, answers.add(problem));
    }

    @Override
    public Decision judge(Candidate row) {
        Said one = said.get(judged++);
        Decision decision = one.values().map(cutoffs::judge)
                .orElseGet(() -> cutoffs.judgeUnscored(one.why(), RowScores.of(one.why(), 1)));
        if (decision instanceof Decision.Drop drop) {
            String text = answers.get(one.answer());
            drop.evidence().put("rubric", called()).put("said",
                    text.length() <= QUOTED ? text : text.substring(text.length() - QUOTED));
        }
        return decision;
    }

    @Override
    public List<Threshold> thresholds() {
        return cutoffs.thresholds();
    }

    @Override
    public Optional<String> incomplete() {
        return incomplete;
    }

    @Override
    public Usage spent() {
        return spent;
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = cutoffs.tell(JsonNodeFactory.instance.objectNode().put("model", judge)
                .put("rubric", called()));
        if (!labels.isEmpty()) {
            facts.set("calibration", agreement.json().put("labels", labels.size()));
        }
        return facts;
    }

    /// Wherever a file lies, it is the same rubric.
    private String called() {
        return NamedFiles.path(config.rubric(), Judge.RUBRIC).map(file -> file.getFileName().toString())
                .orElse(config.rubric());
    }

    @Override
    public void close() {
        prompts.close();
        answers.close();
    }
}
