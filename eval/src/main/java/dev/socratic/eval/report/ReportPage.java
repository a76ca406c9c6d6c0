package dev.socratic.eval.report;

import dev.socratic.core.io.IoProblems;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The page: one HTML file that needs no network, with plots in SVG.
///
/// Texts of the run are escaped, and should one slip through, the page's own policy still lets no script run but ours
/// and nothing be fetched from anywhere.
final class ReportPage {
    /// What a run folder calls its recipe, every default written out.
    private static final String RECIPE = "recipe.yaml";

    private final ReportInput input;
    private final Scores scores;

    ReportPage(ReportInput input, Scores scores) {
        this.input = input;
        this.scores = scores;
    }

    String html() {
        String script = Html.resource("browser.js");
        StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                + "'unsafe-inline'; script-src 'sha256-")
                .append(hash(script)).append("'\">");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
                .append(Svg.escape(input.title()))
                .append("</title><style>").append(Html.resource("page.css")).append("</style></head><body>\n");
        out.append("<h1>").append(Svg.escape(input.title())).append("</h1>\n").append(facts());
        if (!scores.models().isEmpty()) {
            out.append(Html.section("Accuracy", AccuracySection.accuracy(scores)));
        }
        if (!scores.comparisons().isEmpty()) {
            out.append(Html.section("Comparison", AccuracySection.comparisons(scores)));
        }
        out.append(Html.section("Rows", RowsSection.html(input)));
        if (!input.metrics().isEmpty()) {
            out.append(Html.section("Training", TrainingSection.html(input)));
        }
        out.append(Html.section("Time and cost", CostSection.html(input.stages())));
        if (!scores.models().isEmpty()) {
            out.append(Html.section("Answers", SampleBrowser.html(scores)));
        }
        out.append(recipe());
        return out.append("<script>").append(script).append("</script></body></html>\n").toString();
    }

    private String facts() {
        List<String[]> facts = new ArrayList<>();
        input.parameters().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                .forEach(e -> facts.add(new String[] {e.getKey() + ", parameters", Html.count(e.getValue())}));
        if (!input.stages().isEmpty()) {
            facts.add(new String[] {"time of all stages",
                    CostSection.seconds(input.stages().stream().mapToDouble(ReportInput.StageFacts::seconds).sum())});
            Usage usage = input.stages().stream().map(ReportInput.StageFacts::usage).reduce(Usage.NONE, Usage::plus);
            facts.add(new String[] {"US dollars", String.format(Locale.ROOT, "%.2f", usage.costUsd())});
        }
        if (input.peakMemoryMb() > 0) {
            facts.add(new String[] {"peak memory", Html.count(input.peakMemoryMb()) + " MiB"});
        }
        StringBuilder out = new StringBuilder("<dl class=\"facts\">");
        facts.forEach(fact -> out.append("<div><dt>").append(Svg.escape(fact[0])).append("</dt><dd>")
                .append(Svg.escape(fact[1])).append("</dd></div>"));
        return out.append("</dl>\n").toString();
    }

    private String recipe() {
        Path file = input.run().resolve(RECIPE);
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try {
            String text = Files.readString(file);
            return Html.section("Recipe",
                    Html.folded("Every setting of this run", "<pre>" + Svg.escape(text) + "</pre>"));
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    private static String hash(String script) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256")
                            .digest(script.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
