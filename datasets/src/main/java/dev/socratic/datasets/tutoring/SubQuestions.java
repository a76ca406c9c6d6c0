package dev.socratic.datasets.tutoring;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.datasets.row.Question;
import java.util.ArrayList;
import java.util.List;

/// What a solution asks on the way: the Socratic files of GSM8K have it (`test_socratic.jsonl`; Cobbe et al. 2021,
/// arXiv:2110.14168), and rows of one's own with `steps: [{question, answer}]`.
public final class SubQuestions {
    private static final String STEPS = "steps";

    private SubQuestions() {}

    /// @param question of the way
    /// @param answer   what answers it, as the solution works it out
    public record Step(String question, String answer) {}

    /// @return in their order; empty where the row has none
    public static List<Step> of(Question question) {
        List<Step> steps = new ArrayList<>();
        JsonNode rows = question.extra().get(STEPS);
        if (rows != null) {
            rows.forEach(row -> steps.add(new Step(row.path("question").asText(), row.path("answer").asText())));
        }
        return List.copyOf(steps);
    }
}
