package dev.socratic.eval.report;

import java.util.ArrayList;
import java.util.List;

/// Curves over a common axis, such as loss over tokens. A value that is not finite leaves a gap.
///
/// @param title  above the plot
/// @param across name of the horizontal axis
/// @param up     name of the vertical axis, which begins at 0
/// @param curves drawn one above the other, the last on top
record LineChart(String title, String across, String up, List<Curve> curves) {
    private static final double WIDTH = 440;
    private static final double PLOT = 190;
    private static final double LEFT = 48;
    private static final double RIGHT = 18;
    private static final double TOP = 44;
    private static final double BELOW = 40;
    private static final double LEGEND_ROW = 18;
    private static final int MOST_POINTS = 240;

    /// @param name   in the legend
    /// @param points x and y, x rising
    /// @param colour which of the page's colours
    /// @param marked whether each point is a dot: for few points that were measured now and then
    record Curve(String name, List<Point> points, int colour, boolean marked) {
        Curve {
            points = List.copyOf(points);
        }
    }

    /// @param x such as tokens seen
    /// @param y NaN and infinities are not drawn
    record Point(double x, double y) {}

    String svg() {
        List<Point> all = curves.stream().flatMap(c -> c.points().stream()).filter(p -> Double.isFinite(p.y()))
                .toList();
        if (all.isEmpty()) {
            return Html.soft(title + ": no finite value was logged.");
        }
        Ticks xs = Ticks.over(0, all.stream().mapToDouble(Point::x).max().orElse(1), 5);
        Ticks ys = Ticks.over(
                Math.min(0, all.stream().mapToDouble(Point::y).min().orElse(0)), all.stream().mapToDouble(Point::y)
                        .max().orElse(1), 4);
        Svg svg = new Svg(WIDTH, TOP + PLOT + BELOW + LEGEND_ROW * curves.size(), title);
        svg.text(0, 14, "start", "title", Svg.fit(title, WIDTH * 0.95)).text(0, 32, "start", "soft", up);
        for (double y : ys.values()) {
            svg.line(LEFT, vertical(y, ys), WIDTH - RIGHT, vertical(y, ys), "grid")
                    .text(LEFT - 6, vertical(y, ys) + 4, "end", "soft", Ticks.label(y));
        }
        for (double x : xs.values()) {
            svg.text(horizontal(x, xs), TOP + PLOT + 16, "middle", "soft", Ticks.label(x));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2, TOP + PLOT + 32, "middle", "soft", across);
        for (int i = 0; i < curves.size(); i++) {
            draw(svg, curves.get(i), xs, ys);
            double y = TOP + PLOT + BELOW + i * LEGEND_ROW;
            svg.rect(LEFT, y + 2, 12, 10, "fill c" + curves.get(i).colour() % 6, curves.get(i).name());
            svg.label(LEFT + 18, y + 11, "start", WIDTH - LEFT - 20, curves.get(i).name());
        }
        return svg.end();
    }

    private static void draw(Svg svg, Curve curve, Ticks xs, Ticks ys) {
        String colour = " c" + curve.colour() % 6;
        StringBuilder path = new StringBuilder();
        for (Point point : thinned(curve.points())) {
            if (!Double.isFinite(point.y())) {
                flush(svg, path, colour);
                continue;
            }
            String x = Svg.number(horizontal(point.x(), xs));
            path.append(x).append(',').append(Svg.number(vertical(point.y(), ys))).append(' ');
            if (curve.marked()) {
                svg.dot(horizontal(point.x(), xs), vertical(point.y(), ys), 2.6, "fill" + colour,
                        "%s at %s".formatted(Ticks.label(point.y()), Ticks.label(point.x())));
            }
        }
        flush(svg, path, colour);
    }

    private static void flush(Svg svg, StringBuilder path, String colour) {
        if (!path.isEmpty()) {
            svg.path(path.toString().strip(), "curve" + colour);
            path.setLength(0);
        }
    }

    /// Means of neighbours where there are more points than a plot can show: a curve of every n-th point would keep
    /// the noise. A stretch with a value that is not finite stays a gap.
    private static List<Point> thinned(List<Point> points) {
        int stretch = (points.size() + MOST_POINTS - 1) / MOST_POINTS;
        if (stretch <= 1) {
            return points;
        }
        List<Point> means = new ArrayList<>();
        for (int from = 0; from < points.size(); from += stretch) {
            List<Point> part = points.subList(from, Math.min(points.size(), from + stretch));
            means.add(new Point(part.getLast().x(), part.stream().mapToDouble(Point::y).sum() / part.size()));
        }
        return means;
    }

    private static double horizontal(double x, Ticks xs) {
        return LEFT + (x - xs.low()) / (xs.high() - xs.low()) * (WIDTH - LEFT - RIGHT);
    }

    private static double vertical(double y, Ticks ys) {
        return TOP + PLOT - (y - ys.low()) / (ys.high() - ys.low()) * PLOT;
    }
}
