package dev.socratic.datasets.wordproblems;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Rows of number lists, each list said twice; the numbers are those a story may hold.
final class NumberLists {
    private static final int SHORTEST = 2;
    private static final int LONGEST = 6;

    private final Random random;

    NumberLists(Random random) {
        this.random = random;
    }

    String row(int lines) {
        return Stream.generate(this::line).limit(lines).collect(Collectors.joining("\n"));
    }

    private String line() {
        String list = IntStream.range(0, SHORTEST + random.nextInt(LONGEST - SHORTEST + 1))
                .mapToObj(i -> String.valueOf(number()))
                .collect(Collectors.joining(", "));
        return list + ": " + list;
    }

    /// As many small numbers as large ones, as in the stories.
    private int number() {
        return 1 + random.nextInt(random.nextBoolean() ? 20 : NumberRange.LARGEST);
    }
}
