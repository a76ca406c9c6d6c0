package dev.socratic.eval.report;

import java.util.List;

/// Curves over a common axis, such as loss over tokens.
///
/// @param title  above the plot
/// @param across name of the horizontal axis
/// @param up     name of the vertical axis
/// @param curves at least one point in all
record LineChart(String title, String across, String up, List<Curve> curves) {
    private static final double WIDTH = 640;
    private static final double HEIGHT = 300;
    private static final double LEFT = 56;
    private static final double RIGHT = 16;
    private static final double TOP = 28;
    private static final double BOTTOM = 56;
    private static final int MOST_POINTS = 400;

    /// @param name   in the legend
    /// @param points x and y, x rising
    record Curve(String name, List<double[]> points) {}

    String svg() {
        List<double[]> all = curves.stream().flatMap(c -> c.points().stream()).toList();
        if (all.isEmpty()) {
            return "<p>" + Svg.escape(title) + ": no points</p>";
        }
        Ticks xs = Ticks.over(0, all.stream().mapToDouble(p -> p[0]).max().orElse(1), 6);
        Ticks ys = Ticks.over(
                Math.min(0, all.stream().mapToDouble(p -> p[1]).min().orElse(0)),
                all.stream().mapToDouble(p -> p[1]).max().orElse(1),
                5);
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.text(LEFT, 16, "start", title);
        for (double y : ys.values()) {
            double at = vertical(y, ys);
            svg.line(LEFT, at, WIDTH - RIGHT, at, "grid").text(LEFT - 6, at + 4, "end", Ticks.label(y));
        }
        for (double x : xs.values()) {
            svg.text(horizontal(x, xs), HEIGHT - BOTTOM + 16, "middle", Ticks.label(x));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 32, "middle", across + "  /  " + up);
        double legend = LEFT;
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            svg.path(points(curve, xs, ys), "curve c" + i % 6);
            svg.rect(legend, HEIGHT - 14, 10, 10, "fill c" + i % 6, curve.name());
            svg.text(legend + 14, HEIGHT - 5, "start", curve.name());
            legend += 30 + 7.0 * curve.name().length();
        }
        return svg.end();
    }

    private static String points(Curve curve, Ticks xs, Ticks ys) {
        StringBuilder path = new StringBuilder();
        int stride = Math.max(1, curve.points().size() / MOST_POINTS);
        for (int i = 0; i < curve.points().size(); i += stride) {
            double[] point = curve.points().get(i);
            if (Double.isFinite(point[1])) {
                path.append(Svg.number(horizontal(point[0], xs))).append(',').append(Svg.number(vertical(point[1], ys))).append(' ');
            }
        }
        return path.toString().strip();
    }

    private static double horizontal(double x, Ticks xs) {
        return LEFT + (x - xs.low()) / (xs.high() - xs.low()) * (WIDTH - LEFT - RIGHT);
    }

    private static double vertical(double y, Ticks ys) {
        return HEIGHT - BOTTOM - (y - ys.low()) / (ys.high() - ys.low()) * (HEIGHT - TOP - BOTTOM);
    }
}
