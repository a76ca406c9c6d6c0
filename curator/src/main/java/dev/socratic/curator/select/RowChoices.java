package dev.socratic.curator.select;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.SelectionConfig;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import java.util.LinkedHashMap;
import java.util.Map;

/// Makes the steps that choose, and what they say of rows.
public final class RowChoices {
    private RowChoices() {}

    /// @param context of the step
    public static Step of(SelectionConfig config, StepContext context) {
        return switch (config) {
            case SelectionConfig.Quotas quotas -> new ChoiceStep("quotas", new QuotaChooser(quotas));
            case SelectionConfig.Mix mix -> new ChoiceStep("mix", new MixChooser(mix));
            case SelectionConfig.TokenBudget budget ->
                new ChoiceStep("token_budget", new TokenBudgetChooser(budget, context));
            case SelectionConfig.KCenter center -> new ChoiceStep("k_center", new KCenterChooser(center));
            case SelectionConfig.FacilityLocation facilities ->
                new ChoiceStep("facility_location", new FacilityLocationChooser(facilities));
            case SelectionConfig.Deita deita -> new ChoiceStep("deita", new DeitaChooser(deita));
            case SelectionConfig.S1 s1 -> new ChoiceStep("s1", new S1Chooser(s1));
        };
    }

    /// @param rank  as which it was chosen, from 1
    /// @param name  of what it added or stood out by
    static Decision keep(int rank, String name, double value) {
        Map<String, Double> scores = new LinkedHashMap<>();
        scores.put("rank", (double) rank);
        scores.put(name, value);
        return new Decision.Keep(new RowScores(scores));
    }

    /// @param rank as which it was chosen, from 1
    static Decision keep(int rank) {
        return new Decision.Keep(RowScores.of("rank", rank));
    }

    static ObjectNode evidence() {
        return JsonNodeFactory.instance.objectNode();
    }

    static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
