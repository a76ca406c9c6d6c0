package dev.socratic.datasets.dialogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.socratic.datasets.answer.StatedNumbers;
import dev.socratic.datasets.row.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One sub-question on the way to an answer, as `test_socratic` of GSM8K has them.
///
/// @param question the sub-question
/// @param answer   the step that answers it
/// @param value    what the step comes to: the number behind its last equals sign, or its last number; empty where it
///                 has none
public record GoldStep(String question, String answer, Optional<String> value) {
    /// The field of a question that holds them: `[{question, answer}]`.
    public static final String FIELD = "steps";

    public GoldStep(String question, String answer) {
        this(question, answer, value(answer));
    }

    /// @return in order; none where the question's source has none
    public static List<GoldStep> of(Question question) {
        List<GoldStep> steps = new ArrayList<>();
        for (JsonNode step : question.extra().getOrDefault(FIELD, MissingNode.getInstance())) {
            if (step.path("question").isTextual() && step.path("answer").isTextual()) {
                steps.add(new GoldStep(step.get("question").textValue(), step.get("answer").textValue()));
            }
        }
        return List.copyOf(steps);
    }

    /// The lines of a worked solution that come to a number, for questions without sub-questions.
    ///
    /// @return each with a blank question
    public static List<GoldStep> ofSolution(String solution) {
        return solution.lines().filter(line -> !line.isBlank()).map(line -> new GoldStep("", line.strip()))
                .filter(step -> step.value().isPresent()).toList();
    }

    private static Optional<String> value(String answer) {
        List<StatedNumbers> all = StatedNumbers.in(answer);
        return all.stream().filter(StatedNumbers::concluding).reduce((a, b) -> b)
                .or(() -> all.stream().reduce((a, b) -> b)).map(StatedNumbers::value);
    }
}
