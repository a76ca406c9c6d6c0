package dev.socratic.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What each model took to be evaluated, and how large it is.
final class ModelsSection {
    private ModelsSection() {}

    /// @return empty where nothing is known of any
    static String html(Scores scores) {
        if (scores.costs().values().stream().noneMatch(ModelCost::known)) {
            return "";
        }
        List<List<String>> rows = new ArrayList<>();
        scores.costs().forEach((model, cost) -> rows.add(List.of(model,
                cost.parameters().map(Html::count).orElse("–"), cost.bytes().map(ModelsSection::size).orElse("–"),
                cost.seconds().map(seconds -> String.format(Locale.ROOT, "%.3f", seconds)).orElse("–"),
                cost.read().map(Html::count).orElse("–"), cost.written().map(Html::count).orElse("–"),
                cost.usd().map(usd -> String.format(Locale.ROOT, "%.4f", usd)).orElse("–"))));
        return Html.table(1, List.of("model", "parameters", "size", "seconds a question", "tokens read",
                "tokens written", "US dollars"), rows)
                + Html.soft("Seconds at work over questions, those answered together counted apart. – is what nobody "
                        + "wrote down.");
    }

    /// @return `5.4 MB`, `1.2 GB`
    static String size(long bytes) {
        double mega = bytes / 1e6;
        return String.format(Locale.ROOT, mega < 1000 ? "%.1f MB" : "%.2f GB", mega < 1000 ? mega : mega / 1000);
    }
}
