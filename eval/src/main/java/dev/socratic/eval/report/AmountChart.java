package dev.socratic.eval.report;

import java.util.List;

/// Amounts as bars, one a line: rows left after each step (with what the step took, in a lighter colour), or seconds
/// of each stage.
///
/// @param title above the plot
/// @param rows  from top to bottom
record AmountChart(String title, List<Row> rows) {
    private static final double WIDTH = 920;
    private static final double LEFT = 230;
    private static final double RIGHT = 210;
    private static final double TOP = 28;
    private static final double ROW = 26;

    /// @param name at the left
    /// @param left how much there is
    /// @param lost how much was taken away to get there, 0 or more
    /// @param text at the right
    record Row(String name, double left, double lost, String text) {}

    String svg() {
        double most = rows.stream().mapToDouble(row -> row.left() + row.lost()).max().orElse(0);
        double unit = most > 0 ? (WIDTH - LEFT - RIGHT) / most : 0;
        Svg svg = new Svg(WIDTH, TOP + ROW * rows.size() + 4, title);
        svg.text(0, 16, "start", "title", title);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double y = TOP + i * ROW;
            double end = LEFT + (row.left() + row.lost()) * unit;
            svg.label(LEFT - 10, y + 15, "end", LEFT - 16, row.name());
            svg.rect(LEFT, y + 1, row.left() * unit, ROW - 6, "fill c0", row.name() + ": " + row.text());
            svg.rect(LEFT + row.left() * unit, y + 1, row.lost() * unit, ROW - 6, "fill c0 lost",
                    row.name() + ": " + row.text());
            svg.label(end + 8, y + 15, "start", WIDTH - end - 12, row.text());
        }
        return svg.end();
    }
}
