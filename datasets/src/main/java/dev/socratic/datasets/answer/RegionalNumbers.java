package dev.socratic.datasets.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Other readings of an answer that could be a single number: to us `3,5` is a pair and `1,00,000` a list, to half of
/// the world numbers. They count only where the other side is one number too.
final class RegionalNumbers {
    private static final String SIGN = "((?:[-+]\\s?)?(?:\\\\?[$\\u20ac\\u00a3\\u00a5\\u20b9]\\s?)?(?:[-+]\\s?)?)";
    /// What may follow: a currency, percent, a unit; no further number.
    private static final String REST =
            "((?:[^\\d,;=()\\[\\]{}+*/^]{0,40}|\\\\?%|\\s*\\\\(?:text|mathrm|mbox)\\{[^{}\\d]{0,40}}))";
    /// 3,5 and 0,125; three digits after another number than 0 group thousands.
    private static final Pattern COMMA =
            Pattern.compile(SIGN + "(\\d+),(\\d{1,2}|\\d{4,})" + REST + "|" + SIGN + "(0),(\\d{3})" + REST);
    /// 1.234,56
    private static final Pattern POINTS = Pattern.compile(SIGN + "([1-9]\\d{0,2}(?:\\.\\d{3})+),(\\d+)" + REST);
    /// 1,00,000
    private static final Pattern INDIAN = Pattern.compile(SIGN + "([1-9]\\d?(?:,\\d{2})+,\\d{3})((?:\\.\\d+)?)" + REST);

    private RegionalNumbers() {}

    /// @param text a cleaned answer
    /// @return the same answer with the number in our spelling, for every reading there is
    static List<String> readings(String text) {
        List<String> readings = new ArrayList<>();
        Matcher comma = COMMA.matcher(text);
        if (comma.matches()) {
            int first = comma.group(2) == null ? 5 : 1;
            readings.add(comma.group(first) + comma.group(first + 1) + "." + comma.group(first + 2)
                    + comma.group(first + 3));
        }
        Matcher points = POINTS.matcher(text);
        if (points.matches()) {
            readings.add(points.group(1) + points.group(2).replace(".", "") + "." + points.group(3) + points.group(4));
        }
        Matcher indian = INDIAN.matcher(text);
        if (indian.matches()) {
            readings.add(indian.group(1) + indian.group(2).replace(",", "") + indian.group(3) + indian.group(4));
        }
        return readings;
    }
}
