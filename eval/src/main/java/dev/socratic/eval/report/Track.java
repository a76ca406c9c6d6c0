package dev.socratic.eval.report;

import dev.socratic.eval.stats.Interval;
import java.util.Locale;

/// A value with its interval on a line, as wide as there is room for. What it shows stands beside it in figures, so a
/// screen reader passes it over.
final class Track {
    private Track() {}

    /// @param value  0 to 1
    /// @param colour of the model
    static String rate(double value, Interval ci95, int colour) {
        return "<div class=\"track\" aria-hidden=\"true\">"
                + part("fill c" + colour % 6, 0, value)
                + part("whisker", ci95.low(), ci95.high()) + "</div>";
    }

    /// A share without an interval.
    static String share(double value, int colour) {
        return "<div class=\"track\" aria-hidden=\"true\">" + part("fill c" + colour % 6, 0, value) + "</div>";
    }

    /// @param value -1 to 1
    /// @param widest end of the scale on both sides of 0
    static String difference(double value, Interval ci95, double widest, int colour) {
        return "<div class=\"track\" aria-hidden=\"true\"><i class=\"zero\"></i>"
                + part("whisker", at(ci95.low(), widest), at(ci95.high(), widest))
                + "<i class=\"dot c%s\" style=\"left:%s\"></i></div>".formatted(colour % 6,
                        percent(at(value, widest)));
    }

    private static double at(double value, double widest) {
        return Math.clamp(0.5 + value / widest / 2, 0, 1);
    }

    private static String part(String style, double from, double to) {
        return "<i class=\"%s\" style=\"left:%s;width:%s\"></i>".formatted(style, percent(from), percent(to - from));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * share);
    }
}
