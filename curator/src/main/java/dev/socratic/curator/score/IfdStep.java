package dev.socratic.curator.score;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.curator.config.ScoreConfig.Ifd;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.step.Threshold;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Instruction-following difficulty (Li et al. 2023, arXiv:2308.12032): how much of an answer's loss is left once the
/// question is known.
///
/// ```text
/// s(A|Q) = -1/N  sum of log p(a_i | Q, a_1 .. a_(i-1))        `conditioned`
/// s(A)   = -1/N  sum of log p(a_i | a_1 .. a_(i-1))           `alone`
/// IFD    = s(A|Q) / s(A)
/// ```
/// over the same N tokens of the answer. Above 1 the question is of no help; the paper keeps the highest ratios below
/// 1 (`max: 1`, and a `min` or `min_percentile`). The ratio is of losses, as in the paper; the code of its follow-up
/// (Superfiltering, arXiv:2402.00530) also has one of perplexities, which orders rows differently.
///
/// What the formula leaves open, and the paper's code decides by Alpaca's template: here the question stands in the
/// model's own chat template, and the answer alone begins behind the token a text begins with, so that its first token
/// counts too. In the paper's code the heading `### Response:` stands before it.
public final class IfdStep implements Step {
    private static final String SCORE = "ifd";

    private final RowScorer scorer;
    private final Cutoffs cutoffs;
    private int judged;

    public IfdStep(Ifd config, StepContext context) {
        this.scorer = new RowScorer("ifd", config.model(), config.prompt(), context);
        this.cutoffs = new Cutoffs(name(), SCORE, config.limits());
    }

    @Override
    public String name() {
        return "ifd";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row) {
        scorer.add(row, (before, answer) -> List.of(new ScoreRequest(before, answer, true),
                new ScoreRequest("", answer, true)));
    }

    @Override
    public void looked() {
        scorer.finish();
        for (int row = 0; row < scorer.rows(); row++) {
            switch (scorer.get(row)) {
                case RowScorer.Outcome.Scores scores when alone(scores) > 0 ->
                    cutoffs.add(measured(scores).get(SCORE));
                case RowScorer.Outcome.Scores ignored -> cutoffs.addUnscored("certain");
                case RowScorer.Outcome.None none -> cutoffs.addUnscored(none.why());
            }
        }
        cutoffs.close();
    }

    @Override
    public Decision judge(Candidate row) {
        return switch (scorer.get(judged++)) {
            case RowScorer.Outcome.Scores scores when alone(scores) > 0 ->
                cutoffs.judge(new RowScores(measured(scores)));
            case RowScorer.Outcome.Scores ignored -> none("certain");
            case RowScorer.Outcome.None none -> none(none.why());
        };
    }

    private Decision none(String why) {
        return cutoffs.judgeUnscored(why, RowScores.of(why, 1));
    }

    /// An answer that is certain without its question has no ratio.
    private static double alone(RowScorer.Outcome.Scores scores) {
        return PerplexityStep.loss(scores.all().get(1));
    }

    private static Map<String, Double> measured(RowScorer.Outcome.Scores scores) {
        double conditioned = PerplexityStep.loss(scores.all().get(0));
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(SCORE, conditioned / alone(scores));
        values.put("conditioned", conditioned);
        values.put("alone", alone(scores));
        return values;
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
}
