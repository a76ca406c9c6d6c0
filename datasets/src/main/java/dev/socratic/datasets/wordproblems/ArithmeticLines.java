package dev.socratic.datasets.wordproblems;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Rows of bare arithmetic, the whole of what [NumberRange] allow and so of what any problem may need.
///
/// Operations in equal shares. Sums and differences are drawn evenly over the smaller numbers, where the stories are
/// too; a fact of arithmetic belongs to no split, since it is no problem.
final class ArithmeticLines {
    private static final int MOST = 100;

    private final Random random;

    ArithmeticLines(Random random) {
        this.random = random;
    }

    String row(int lines) {
        return Stream.generate(this::step).limit(lines).map(SolutionStep::toString).collect(Collectors.joining("\n"));
    }

    private SolutionStep step() {
        Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
        while (true) {
            SolutionStep step = draw(operation);
            if (NumberRange.allow(step)) {
                return step;
            }
        }
    }

    private SolutionStep draw(Operation operation) {
        return switch (operation) {
            case PLUS -> SolutionStep.of(1 + random.nextInt(MOST), operation, 1 + random.nextInt(MOST));
            case MINUS -> SolutionStep.of(2 + random.nextInt(MOST + MOST / 4), operation, 1 + random.nextInt(MOST));
            case TIMES -> random.nextBoolean()
                    ? SolutionStep.of(2 + random.nextInt(8), operation, 1 + random.nextInt(MOST / 2))
                    : SolutionStep.of(1 + random.nextInt(MOST / 2), operation, 2 + random.nextInt(8));
            case DIVIDED_BY -> {
                int divisor = 2 + random.nextInt(8);
                yield SolutionStep.of(divisor * (1 + random.nextInt(MOST / divisor)), operation, divisor);
            }
        };
    }
}
