package dev.socratic.datasets.wordproblems;

import java.util.Arrays;
import java.util.Optional;

/// The four operations a step may use.
public enum Operation {
    PLUS('+'),
    MINUS('-'),
    TIMES('*'),
    DIVIDED_BY('/');

    private final char symbol;

    Operation(char symbol) {
        this.symbol = symbol;
    }

    /// @return as it stands in `a op b = c`
    public char symbol() {
        return symbol;
    }

    /// @return the exact result; for a division that leaves a remainder the whole part, which [NumberRange] turns down
    int apply(int left, int right) {
        return switch (this) {
            case PLUS -> left + right;
            case MINUS -> left - right;
            case TIMES -> left * right;
            case DIVIDED_BY -> left / right;
        };
    }

    static Optional<Operation> of(String symbol) {
        return Arrays.stream(values()).filter(op -> symbol.equals(String.valueOf(op.symbol))).findFirst();
    }
}
