package dev.socratic.cli.command;

import dev.socratic.eval.Metric;
import dev.socratic.eval.SampleMetrics;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.SequentialFlips;
import dev.socratic.eval.task.Repeats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What is said of one model on one task besides its score, where there is something to say: of several answers what k
/// of them come to, how hard the questions are, where the spread comes from; clusters; calibration.
final class TaskFigures {
    private TaskFigures() {}

    /// @return lines for people; of figures by k those of the largest
    static List<String> lines(String letter, SavedSamples samples) {
        List<String> lines = new ArrayList<>();
        SampleMetrics figures = samples.figures();
        int n = figures.repeats();
        if (n > 1) {
            List<String> said = new ArrayList<>();
            metrics(figures).stream().filter(metric -> metric.name().startsWith("avg@")
                    || metric.name().matches(".*[@^]%s(_.*)?".formatted(n))).forEach(metric -> said.add(String.format(
                    Locale.ROOT, "%s %.1f [%.1f, %.1f]", metric.name(), 100 * metric.value(),
                    100 * metric.ci95().low(), 100 * metric.ci95().high())));
            lines.add("  %s: %s".formatted(letter, String.join(", ", said)));
            List<String> strata = new ArrayList<>();
            figures.difficulty().forEach((stratum, count) -> strata.add(stratum + " " + count));
            lines.add("  %s: questions by the share of right answers: %s%s".formatted(letter,
                    String.join(", ", strata), figures.variance().map(split -> String.format(Locale.ROOT,
                            "; %.0f %% of the spread lies in the questions", 100 * split.share())).orElse("")));
        }
        if (figures.clustered()) {
            lines.add(String.format(Locale.ROOT, "  %s: %d questions in %d clusters%s", letter, samples.size(),
                    figures.score().clusters(), figures.score().error().map(error -> String.format(Locale.ROOT,
                            ", standard error %.1f points over clusters", 100 * error)).orElse("")));
        }
        figures.calibration().ifPresent(calibration -> lines.add(String.format(Locale.ROOT,
                "  %s: how sure against how right: ECE %.3f, Brier %.3f", letter, calibration.ece(),
                calibration.brier())));
        return lines;
    }

    /// @return how the comparison would have gone, question after question
    static String line(String other, SequentialFlips flips) {
        return String.format(Locale.ROOT, "  one by one: %.0f %% of %d flips to A [%.0f, %.0f] at any time; %s",
                        100.0 * flips.toFirst() / flips.flips(), flips.flips(), 100 * flips.ci95().low(),
                        100 * flips.ci95().high(), flips.settled().map(n -> String.format(Locale.ROOT,
                                "known after %d questions", n)).orElse("A and " + other + " are not told apart"));
    }

    /// @return everything by name, for scripts
    static Map<String, Object> json(SavedSamples samples) {
        SampleMetrics figures = samples.figures();
        Map<String, Object> json = new LinkedHashMap<>();
        if (figures.repeats() > 1) {
            Map<String, Object> byName = new LinkedHashMap<>();
            metrics(figures).forEach(metric -> byName.put(metric.name(), value(metric)));
            json.put("figures", byName);
            json.put("difficulty", figures.difficulty());
            figures.variance().ifPresent(split -> json.put("variance", Map.of("questions", split.between(),
                    "answers", split.within(), "share", split.share())));
        }
        if (figures.clustered()) {
            json.put("clusters", figures.score().clusters());
        }
        figures.score().error().ifPresent(error -> json.put("stderr", error));
        figures.calibration().ifPresent(calibration -> json.put("calibration", Map.of("ece", calibration.ece(),
                "brier", calibration.brier())));
        return json;
    }

    static Map<String, Object> json(SequentialFlips flips) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("share_to_a", flips.flips() == 0 ? 0 : flips.toFirst() / (double) flips.flips());
        json.put("ci95_at_any_time", List.of(flips.ci95().low(), flips.ci95().high()));
        flips.settled().ifPresent(n -> json.put("known_after", n));
        return json;
    }

    private static List<Metric> metrics(SampleMetrics figures) {
        return figures.metrics("avg@" + figures.repeats(), Repeats.of(figures.repeats()));
    }

    private static Map<String, Object> value(Metric metric) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("value", metric.value());
        metric.error().ifPresent(error -> json.put("stderr", error));
        json.put("ci95", List.of(metric.ci95().low(), metric.ci95().high()));
        return json;
    }
}
