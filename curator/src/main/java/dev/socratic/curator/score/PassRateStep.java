package dev.socratic.curator.score;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.ScoreConfig.PassRate;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.step.Threshold;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Which share p of the samples of a row's question passed every check, and how much a student can learn from such a
/// question.
///
/// ```text
/// pass_rate    = samples that passed / samples that were judged
/// difficulty   = 1 - pass_rate
/// learnability = pass_rate (1 - pass_rate)
/// ```
/// The first is a teacher's where a teacher wrote the samples, and a student's where the student did. Questions that
/// are always or never answered rightly teach an outcome-trained student nothing: `min: 0.01, max: 0.99` drops both.
/// The last is the variance of the outcome, which Foster et al. 2025 (arXiv:2502.12272) train reasoning on after
/// Rutherford et al. 2024 (arXiv:2408.15099).
///
/// Rows without a verdict are no samples; a sample that stands in two files counts once. Memory: about 150 bytes a
/// question and 40 a sample.
public final class PassRateStep implements Step {
    private final PassRate config;
    private final List<Path> files;
    private final Map<String, int[]> questions = new HashMap<>(); // judged, passed
    private final KeyTable seen = new KeyTable();
    private final List<String> asked = new ArrayList<>();
    private final Cutoffs cutoffs;
    private long samples;
    private long unjudged;
    private int judged;

    public PassRateStep(PassRate config, StepContext context) {
        this.config = config;
        this.files = config.samples().isEmpty() ? context.models().samples() : config.samples();
        this.cutoffs = new Cutoffs(name(), of(), config.limits());
    }

    @Override
    public String name() {
        return "pass_rate";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row) {
        asked.add(row.questionId());
    }

    @Override
    public void looked() {
        files.forEach(this::count);
        asked.forEach(question -> unscored(question).ifPresentOrElse(cutoffs::addUnscored,
                () -> cutoffs.add(measured(question).get(of()))));
        cutoffs.close();
    }

    /// Whoever wrote no verdict wrote no sample: other layouts are read over, and told.
    private void count(Path file) {
        try (Quarantine.Listed bad = Quarantine.list(); RowReader rows = RowFiles.read(file, bad)) {
            while (rows.hasNext()) {
                count(rows.next().json());
            }
            unjudged += bad.count();
        }
    }

    private void count(ObjectNode row) {
        JsonNode question = row.path("question_id");
        JsonNode verdicts = row.path("verdicts");
        if (!question.isTextual() || !verdicts.isArray() || verdicts.isEmpty()) {
            unjudged++;
            return;
        }
        KeyTable.Key key = KeyTable.Key.of(row.path("id").asText());
        if (seen.get(key) != KeyTable.NONE) {
            return;
        }
        seen.put(key, 0);
        samples++;
        boolean passed = true;
        for (JsonNode verdict : verdicts) {
            passed &= verdict.path("passed").asBoolean()
                    || config.ignore().contains(verdict.path("check").asText());
        }
        int[] counts = questions.computeIfAbsent(question.textValue(), id -> new int[2]);
        counts[0]++;
        counts[1] += passed ? 1 : 0;
    }

    private Optional<String> unscored(String question) {
        int all = questions.getOrDefault(question, new int[2])[0];
        return all == 0 ? Optional.of("no_samples")
                : all < config.minSamples() ? Optional.of("few_samples") : Optional.empty();
    }

    private Map<String, Double> measured(String question) {
        int[] counts = questions.get(question);
        double rate = (double) counts[1] / counts[0];
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("pass_rate", rate);
        values.put("difficulty", 1 - rate);
        values.put("learnability", rate * (1 - rate));
        values.put("samples", (double) counts[0]);
        return values;
    }

    @Override
    public Decision judge(Candidate row) {
        String question = asked.get(judged++);
        return unscored(question).map(why -> cutoffs.judgeUnscored(why, RowScores.of(why, 1)))
                .orElseGet(() -> cutoffs.judge(new RowScores(measured(question))));
    }

    @Override
    public List<Threshold> thresholds() {
        return cutoffs.thresholds();
    }

    @Override
    public ObjectNode facts() {
        return cutoffs.tell(JsonNodeFactory.instance.objectNode().put("questions", questions.size())
                .put("samples", samples).put("rows_without_verdict", unjudged));
    }

    private String of() {
        return config.of().name().toLowerCase(Locale.ROOT);
    }
}
