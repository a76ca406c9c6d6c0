package dev.socratic.datasets.wordproblems;

/// Which arithmetic may occur: numbers a small decoder can learn.
///
/// Every number and result lies in 1..200; sums and results of subtractions are at most 150, products at most 100
/// with one factor in 2..9; divisions are exact, by 2..9, of at most 100.
final class NumberRange {
    static final int LARGEST = 200;
    private static final int SUM = 150;
    private static final int PRODUCT = 100;

    private NumberRange() {}

    static boolean allow(SolutionStep step) {
        int left = step.left();
        int right = step.right();
        return inRange(left)
                && inRange(right)
                && inRange(step.result())
                && switch (step.operation()) {
                    case PLUS -> step.result() <= SUM;
                    case MINUS -> step.result() <= SUM;
                    case TIMES -> step.result() <= PRODUCT && (small(left) || small(right));
                    case DIVIDED_BY -> small(right) && left <= PRODUCT && left % right == 0;
                };
    }

    private static boolean inRange(int number) {
        return number >= 1 && number <= LARGEST;
    }

    private static boolean small(int factor) {
        return factor >= 2 && factor <= 9;
    }
}
