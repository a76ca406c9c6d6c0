package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.TokenEstimate;
import dev.socratic.curator.config.ScoreConfig.PromptForm;
import dev.socratic.curator.config.SelectionConfig.TokenBudget;
import dev.socratic.curator.config.TextPart;
import dev.socratic.curator.score.Prompted;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.StepContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Keeps rows in their order as long as their tokens have room; one that has none is passed by, and shorter ones behind
/// it may still fit. The budget is never exceeded.
final class TokenBudgetChooser implements Chooser {
    private final TokenBudget config;
    private final StepContext context;
    private final RowOrder order;
    private final List<Long> tokens = new ArrayList<>();
    private Optional<TextModel> student = Optional.empty();
    private String counted = "estimate";
    private long used;

    TokenBudgetChooser(TokenBudget config, StepContext context) {
        this.config = config;
        this.context = context;
        this.order = new RowOrder(config.order(), config.seed());
    }

    @Override
    public void add(Candidate row, RowScores before) {
        order.add(row, before);
        tokens.add(config.tokenizer().map(name -> count(row, name))
                .orElseGet(() -> TokenEstimate.ofText(row.text(TextPart.BOTH))));
    }

    private long count(Candidate row, String name) {
        if (student.isEmpty()) {
            TextModel model = context.models().opener().open(name);
            student = Optional.of(model);
            counted = model.card().name();
        }
        String text = Prompted.before(row, student.get(), PromptForm.AUTO).orElse("") + row.answer();
        return student.get().tokens(text).orElseThrow(() -> new ConfigException("token_budget.tokenizer",
                "a model that counts its tokens", "'%s', which does not".formatted(name),
                "take local weights: models: {%s: {weights: {path: FOLDER}}}".formatted(name)));
    }

    @Override
    public List<Decision> choose(List<String> ids, int[] byId) {
        Decision[] decisions = new Decision[ids.size()];
        int rank = 0;
        for (int row : order.sorted(byId)) {
            long own = tokens.get(row);
            if (used + own <= config.tokens()) {
                used += own;
                decisions[row] = RowChoices.keep(++rank, "tokens", own);
            } else {
                decisions[row] = new Decision.Drop("over_budget", RowChoices.evidence().put("tokens", own)
                        .put("left", config.tokens() - used).put("budget", config.tokens()));
            }
        }
        return Arrays.asList(decisions);
    }

    @Override
    public void tell(ObjectNode facts) {
        facts.put("budget", config.tokens()).put("used", used).put("counted_by", counted)
                .put("order", config.order().order()).put("without_score", order.without());
    }

    @Override
    public void close() {
        student.ifPresent(TextModel::close);
    }
}
