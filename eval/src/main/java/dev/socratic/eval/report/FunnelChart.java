package dev.socratic.eval.report;

import java.util.List;

/// How many rows are left after each step, as bars that shrink, with what each step took.
///
/// @param title above the plot
/// @param steps from first to last
record FunnelChart(String title, List<Step> steps) {
    private static final double WIDTH = 640;
    private static final double ROW = 26;
    private static final double LEFT = 190;
    private static final double RIGHT = 170;

    /// @param name what was done
    /// @param left rows that remained
    /// @param note beside the bar, such as `- 12 duplicate`
    record Step(String name, long left, String note) {}

    String svg() {
        double height = 30 + ROW * steps.size();
        long most = Math.max(1, steps.stream().mapToLong(Step::left).max().orElse(1));
        Svg svg = new Svg(WIDTH, height, title);
        svg.text(8, 16, "start", title);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            double y = 26 + i * ROW;
            double width = (WIDTH - LEFT - RIGHT) * step.left() / most;
            svg.text(LEFT - 8, y + 15, "end", step.name());
            svg.rect(LEFT, y, width, ROW - 6, "fill c0", step.name() + ": " + step.left());
            svg.text(LEFT + width + 6, y + 15, "start", step.left() + (step.note().isEmpty() ? "" : "   " + step.note()));
        }
        return svg.end();
    }
}
