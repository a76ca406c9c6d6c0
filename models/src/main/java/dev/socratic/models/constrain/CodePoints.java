package dev.socratic.models.constrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// A set of Unicode code points, surrogates left out, as ranges in their order.
///
/// @param ranges first and last of each, `[ranges][2]`, apart from one another
record CodePoints(List<int[]> ranges) {
    static final int LAST = 0x10FFFF;
    static final CodePoints ALL = of(new int[] {0, LAST});

    /// @param ranges first and last of each, in any order
    static CodePoints of(int[]... ranges) {
        List<int[]> sorted = new ArrayList<>();
        for (int[] range : ranges) { // no character is a surrogate
            addUnless(sorted, range[0], Math.min(range[1], Character.MIN_SURROGATE - 1));
            addUnless(sorted, Math.max(range[0], Character.MAX_SURROGATE + 1), range[1]);
        }
        sorted.sort(Comparator.comparingInt(range -> range[0]));
        List<int[]> joined = new ArrayList<>();
        for (int[] range : sorted) {
            if (!joined.isEmpty() && range[0] <= joined.getLast()[1] + 1) {
                joined.getLast()[1] = Math.max(joined.getLast()[1], range[1]);
            } else {
                joined.add(range.clone());
            }
        }
        return new CodePoints(joined);
    }

    /// @return the characters of a text
    static CodePoints of(String text) {
        return of(text.codePoints().mapToObj(point -> new int[] {point, point}).toArray(int[][]::new));
    }

    private static void addUnless(List<int[]> ranges, int first, int last) {
        if (first <= last) {
            ranges.add(new int[] {first, last});
        }
    }

    CodePoints and(CodePoints other) {
        List<int[]> both = new ArrayList<>(ranges);
        both.addAll(other.ranges);
        return of(both.toArray(int[][]::new));
    }

    CodePoints complement() {
        List<int[]> rest = new ArrayList<>();
        int from = 0;
        for (int[] range : ranges) {
            addUnless(rest, from, range[0] - 1);
            from = range[1] + 1;
        }
        addUnless(rest, from, LAST);
        return of(rest.toArray(int[][]::new));
    }

    CodePoints without(CodePoints other) {
        return complement().and(other).complement();
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    boolean contains(int point) {
        return ranges.stream().anyMatch(range -> range[0] <= point && point <= range[1]);
    }

    @Override
    public String toString() {
        return ranges.stream().map(Arrays::toString).toList().toString();
    }
}
