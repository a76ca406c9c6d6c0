package dev.socratic.core.sandbox.check;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// When two outputs are equal: line by line without the blanks around each, blank lines at the end left out; two lines
/// that differ are equal where they are as many words, each the same or a number of the same value (`1.0` and `1`).
/// So do graders of contests and LiveCodeBench.
public final class Outputs {
    private Outputs() {}

    /// @return the first line that differs, in words; empty where they are equal
    public static Optional<String> difference(String expected, String got) {
        List<String> want = lines(expected);
        List<String> have = lines(got);
        for (int i = 0; i < Math.max(want.size(), have.size()); i++) {
            String wanted = i < want.size() ? want.get(i) : "";
            String had = i < have.size() ? have.get(i) : "";
            if (i >= want.size() || i >= have.size() || !equal(wanted, had)) {
                return Optional.of("line %s: expected %s; got %s".formatted(i + 1,
                        i < want.size() ? shown(wanted) : "no more lines", i < have.size() ? shown(had) : "none"));
            }
        }
        return Optional.empty();
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(text.lines().map(String::strip).toList());
        while (!lines.isEmpty() && lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    private static boolean equal(String expected, String got) {
        if (expected.equals(got)) {
            return true;
        }
        String[] want = expected.split("\\s+");
        String[] have = got.split("\\s+");
        if (want.length != have.length) {
            return false;
        }
        for (int i = 0; i < want.length; i++) {
            if (!want[i].equals(have[i]) && !sameNumber(want[i], have[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameNumber(String first, String second) {
        return isNumber(first) && isNumber(second)
                && new BigDecimal(first).compareTo(new BigDecimal(second)) == 0;
    }

    /// Short ones only: an exponent of a billion would be written out to compare it.
    private static boolean isNumber(String word) {
        return word.length() <= 400 && word.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?");
    }

    private static String shown(String line) {
        return "'" + (line.length() > 200 ? line.substring(0, 200) + "..." : line) + "'";
    }
}
