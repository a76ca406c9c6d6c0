package dev.socratic.trainer.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.ToolFunction;
import dev.socratic.datasets.answer.Arithmetic;

/// `calculator(expression)`: the value of an arithmetic expression.
final class Calculator implements ToolFunction {
    @Override
    public String name() {
        return "calculator";
    }

    @Override
    public String call(JsonNode arguments) {
        String expression = arguments.path("expression").asText("");
        return Arithmetic.value(expression)
                .orElse("error: an arithmetic expression under 'expression'; got '%s'".formatted(expression));
    }
}
