package dev.socratic.eval.report;

import java.util.ArrayList;
import java.util.List;

/// Round numbers for an axis: steps of 1, 2 or 5 times a power of ten.
///
/// @param values positions, rising; the first is at or below the smallest datum, the last at or above the largest
record Ticks(List<Double> values) {
    /// @param low  smallest datum
    /// @param high largest datum; equal to `low` gets one step of room
    /// @param wanted about how many ticks
    static Ticks over(double low, double high, int wanted) {
        double span = high > low ? high - low : Math.max(1e-9, Math.abs(low));
        double raw = span / wanted;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = 10 * power;
        for (double nice : new double[] {1, 2, 5}) {
            if (raw <= nice * power) {
                step = nice * power;
                break;
            }
        }
        List<Double> values = new ArrayList<>();
        long first = (long) Math.floor(low / step);
        long last = Math.max(first + 1, (long) Math.ceil(high / step));
        for (long i = first; i <= last; i++) {
            values.add(i * step);
        }
        return new Ticks(List.copyOf(values));
    }

    double low() {
        return values.getFirst();
    }

    double high() {
        return values.getLast();
    }

    /// @return the tick without needless digits, thousands as `k` and millions as `M`
    static String label(double value) {
        double size = Math.abs(value);
        if (size >= 1e6) {
            return trim(value / 1e6) + "M";
        }
        if (size >= 1e4) {
            return trim(value / 1e3) + "k";
        }
        return trim(value);
    }

    private static String trim(double value) {
        String text = Svg.number(value);
        if (Math.abs(value) < 0.01 && value != 0) {
            return String.format(java.util.Locale.ROOT, "%.1e", value);
        }
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
