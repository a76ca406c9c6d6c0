package dev.socratic.curator.score;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.curator.config.ScoreConfig.Perplexity;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.step.Threshold;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How likely a local model finds a row, as nats per token: the exponential of either is a perplexity.
///
/// ```text
/// answer = -1/N  sum over the N tokens of the answer of log p(token | question, tokens before)
/// whole  = -1/M  sum over the M tokens of question and answer, the chat template's own included
/// ```
/// Of several turns the last answer is scored, the others are its question. The mark that ends a turn is not counted.
/// Plain text is its own answer, behind the token a text begins with.
public final class PerplexityStep implements Step {
    private final Perplexity config;
    private final RowScorer scorer;
    private final Cutoffs cutoffs;
    private int judged;

    public PerplexityStep(Perplexity config, StepContext context) {
        this.config = config;
        this.scorer = new RowScorer("perplexity", config.model(), config.prompt(), context);
        this.cutoffs = new Cutoffs(name(), of(), config.limits());
    }

    @Override
    public String name() {
        return "perplexity";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row) {
        scorer.add(row, (before, answer) -> List.of(new ScoreRequest(before, answer, true),
                new ScoreRequest("", before + answer, true)));
    }

    @Override
    public void looked() {
        scorer.finish();
        for (int row = 0; row < scorer.rows(); row++) {
            switch (scorer.get(row)) {
                case RowScorer.Outcome.Scores scores -> cutoffs.add(measured(scores).get(of()));
                case RowScorer.Outcome.None none -> cutoffs.addUnscored(none.why());
            }
        }
        cutoffs.close();
    }

    @Override
    public Decision judge(Candidate row) {
        return switch (scorer.get(judged++)) {
            case RowScorer.Outcome.Scores scores -> cutoffs.judge(new RowScores(measured(scores)));
            case RowScorer.Outcome.None none -> cutoffs.judgeUnscored(none.why(), RowScores.of(none.why(), 1));
        };
    }

    private static Map<String, Double> measured(RowScorer.Outcome.Scores scores) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("answer", loss(scores.all().get(0)));
        values.put("whole", loss(scores.all().get(1)));
        values.put("tokens", (double) scores.all().get(0).tokens());
        return values;
    }

    /// @return nats per token
    static double loss(ContinuationScore score) {
        return -score.logProbability() / score.tokens();
    }

    @Override
    public List<Threshold> thresholds() {
        return cutoffs.thresholds();
    }

    @Override
    public ObjectNode facts() {
        return cutoffs.tell(JsonNodeFactory.instance.objectNode().put("model", scorer.asked()));
    }

    @Override
    public void close() {
        scorer.close();
    }

    private String of() {
        return config.of().name().toLowerCase(Locale.ROOT);
    }
}
