package dev.socratic.eval.report;

import dev.socratic.eval.stats.Calibration;
import java.util.Locale;

/// Share of right answers over how sure the model was, bin by bin, with the diagonal of a model that is as sure as it
/// is right.
record ReliabilityPlot(String title, Calibration calibration, int colour) {
    private static final double WIDTH = 300;
    private static final double PLOT = 230;
    private static final double LEFT = 48;
    private static final double TOP = 12;
    private static final double BELOW = 38;

    String svg() {
        Svg svg = new Svg(WIDTH, TOP + PLOT + BELOW, title);
        for (int i = 0; i <= 4; i++) {
            double share = i / 4.0;
            svg.line(LEFT, up(share), LEFT + PLOT, up(share), "grid")
                    .text(LEFT - 6, up(share) + 4, "end", "soft", percent(share));
            if (i % 2 == 0) {
                svg.text(across(share), TOP + PLOT + 16, i == 0 ? "start" : i == 4 ? "end" : "middle", "soft",
                        percent(share));
            }
        }
        svg.text(LEFT + PLOT / 2, TOP + PLOT + 33, "middle", "soft", "how sure")
                .line(across(0), up(0), across(1), up(1), "axis dashed");
        double most = calibration.bins().stream().mapToInt(Calibration.Bin::n).max().orElse(1);
        for (Calibration.Bin bin : calibration.bins()) {
            double x = across(bin.confidence());
            svg.line(x, up(bin.ci95().low()), x, up(bin.ci95().high()), "whisker")
                    .dot(x, up(bin.right()), 3 + 5 * Math.sqrt(bin.n() / most), "fill c" + colour % 6,
                            "%s questions, sure %s, right %s".formatted(Html.count(bin.n()),
                                    Html.percent(bin.confidence()), Html.percent(bin.right())));
        }
        return svg.end();
    }

    private static double across(double share) {
        return LEFT + share * PLOT;
    }

    private static double up(double share) {
        return TOP + (1 - share) * PLOT;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
