package dev.socratic.eval.report;

import java.util.List;

/// Values with their 95 % intervals, one a line, in groups: accuracy of each model on each split, or differences of
/// pairs.
///
/// @param title  above the plot
/// @param scale  ends of the axis, what it is measured in
/// @param groups from top to bottom
record IntervalChart(String title, Scale scale, List<Group> groups) {
    private static final double WIDTH = 920;
    private static final double LEFT = 230;
    private static final double RIGHT = 170;
    private static final double TOP = 30;
    private static final double ROW = 24;
    private static final double HEADING = 26;
    private static final double BOTTOM = 26;

    /// @param ticks where the axis is labelled; the first and the last are its ends
    /// @param unit  after each label, such as ` %`
    /// @param bars  whether values are drawn as bars from 0, else as dots
    record Scale(Ticks ticks, String unit, boolean bars) {}

    /// @param name of the lines that follow
    /// @param rows from top to bottom
    record Group(String name, List<Row> rows) {}

    /// @param name   at the left
    /// @param value  in the unit of the axis
    /// @param low    lower end of the interval
    /// @param high   upper end of it
    /// @param text   at the right
    /// @param colour which of the page's colours
    record Row(String name, double value, double low, double high, String text, int colour) {}

    String svg() {
        double height = TOP + BOTTOM + groups.stream().mapToDouble(g -> HEADING + ROW * g.rows().size()).sum();
        Svg svg = new Svg(WIDTH, height, title);
        svg.text(0, 16, "start", "title", title);
        for (double tick : scale.ticks().values()) {
            double at = across(tick);
            svg.text(at, height - BOTTOM + 16, "middle", "soft", Ticks.label(tick) + scale.unit());
        }
        double y = TOP;
        for (Group group : groups) {
            svg.label(0, y + 18, "start", WIDTH, group.name());
            y += HEADING;
            for (double tick : scale.ticks().values()) {
                svg.line(across(tick), y, across(tick), y + ROW * group.rows().size(), tick == 0 ? "axis" : "grid");
            }
            for (Row row : group.rows()) {
                draw(svg, row, y);
                y += ROW;
            }
        }
        return svg.end();
    }

    private void draw(Svg svg, Row row, double y) {
        double middle = y + ROW / 2;
        String tip = row.name() + ": " + row.text();
        String colour = " c" + row.colour() % 6;
        svg.label(LEFT - 10, middle + 4, "end", LEFT - 24, row.name());
        if (scale.bars()) {
            svg.rect(across(0), y + 4, across(row.value()) - across(0), ROW - 8, "fill" + colour, tip);
        }
        double low = across(Math.max(row.low(), scale.ticks().low()));
        double high = across(Math.min(row.high(), scale.ticks().high()));
        svg.line(low, middle, high, middle, "whisker").line(low, middle - 4, low, middle + 4, "whisker")
                .line(high, middle - 4, high, middle + 4, "whisker");
        if (!scale.bars()) {
            svg.dot(across(row.value()), middle, 5, "fill" + colour, tip);
        }
        svg.text(WIDTH - RIGHT + 12, middle + 4, "start", row.text());
    }

    private double across(double value) {
        double share = (value - scale.ticks().low()) / (scale.ticks().high() - scale.ticks().low());
        return LEFT + Math.clamp(share, 0, 1) * (WIDTH - LEFT - RIGHT);
    }
}
