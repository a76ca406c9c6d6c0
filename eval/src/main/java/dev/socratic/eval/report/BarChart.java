package dev.socratic.eval.report;

import java.util.List;
import java.util.Locale;

/// Rates with error bars, in groups: accuracy of each model on each split.
///
/// @param title  above the plot
/// @param groups along the axis, such as the splits
record BarChart(String title, List<Group> groups) {
    private static final double WIDTH = 640;
    private static final double HEIGHT = 280;
    private static final double LEFT = 56;
    private static final double TOP = 28;
    private static final double BOTTOM = 48;

    /// @param name below the bars
    /// @param bars side by side
    record Group(String name, List<Bar> bars) {}

    /// @param name  in the legend and the tip
    /// @param value in 0..1
    /// @param low   lower end of the 95 % interval
    /// @param high  upper end of it
    record Bar(String name, double value, double low, double high) {}

    String svg() {
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.text(LEFT, 16, "start", title);
        for (int tick = 0; tick <= 5; tick++) {
            double at = vertical(tick / 5.0);
            svg.line(LEFT, at, WIDTH - 16, at, "grid").text(LEFT - 6, at + 4, "end", tick * 20 + " %");
        }
        double groupWidth = (WIDTH - LEFT - 16) / Math.max(1, groups.size());
        for (int g = 0; g < groups.size(); g++) {
            Group group = groups.get(g);
            double start = LEFT + g * groupWidth;
            double barWidth = groupWidth * 0.8 / Math.max(1, group.bars().size());
            for (int b = 0; b < group.bars().size(); b++) {
                bar(svg, group.bars().get(b), start + groupWidth * 0.1 + b * barWidth, barWidth, b);
            }
            svg.text(start + groupWidth / 2, HEIGHT - BOTTOM + 16, "middle", group.name());
        }
        legend(svg);
        return svg.end();
    }

    private void legend(Svg svg) {
        double at = LEFT;
        List<Bar> bars = groups.isEmpty() ? List.of() : groups.getFirst().bars();
        for (int b = 0; b < bars.size(); b++) {
            svg.rect(at, HEIGHT - 14, 10, 10, "fill c" + b % 6, bars.get(b).name());
            svg.text(at + 14, HEIGHT - 5, "start", bars.get(b).name());
            at += 30 + 7.0 * bars.get(b).name().length();
        }
    }

    private static void bar(Svg svg, Bar bar, double x, double width, int colour) {
        String tip = String.format(Locale.ROOT, "%s: %.1f %% [%.1f, %.1f]", bar.name(), 100 * bar.value(), 100 * bar.low(), 100 * bar.high());
        double top = vertical(bar.value());
        svg.rect(x + 2, top, width - 4, vertical(0) - top, "fill c" + colour % 6, tip);
        double middle = x + width / 2;
        svg.line(middle, vertical(bar.low()), middle, vertical(bar.high()), "whisker");
        svg.line(middle - 4, vertical(bar.low()), middle + 4, vertical(bar.low()), "whisker");
        svg.line(middle - 4, vertical(bar.high()), middle + 4, vertical(bar.high()), "whisker");
        svg.text(middle, vertical(bar.high()) - 4, "middle", String.format(Locale.ROOT, "%.0f", 100 * bar.value()));
    }

    private static double vertical(double rate) {
        return HEIGHT - BOTTOM - rate * (HEIGHT - TOP - BOTTOM);
    }
}
