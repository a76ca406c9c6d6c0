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
import java.util.Set;
import java.util.stream.Collectors;

/// The page: one HTML file that needs no network.
///
/// Texts of the run are escaped, those of samples are packed, and should one slip through, the page's own policy still
/// lets no script run but ours and nothing be fetched from anywhere.
final class ReportPage {
    /// What a run folder calls its recipe, every default written out.
    private static final String RECIPE = "recipe.yaml";
    /// The page's script, in the order its parts stand on each other.
    private static final List<String> SCRIPTS =
            List.of("dom.js", "page.js", "windowed.js", "data.js", "detail.js", "samples.js");

    /// Stages that make or drop rows.
    private static final Set<String> MADE = Set.of("generate", "curate");

    private final String title;
    private final Scores scores;
    private final List<Section> sections = new ArrayList<>();
    private String facts = "";

    /// @param id    in the page's address
    /// @param title heading, and entry of the list of sections
    private record Section(String id, String title, String body) {}

    private ReportPage(String title, Scores scores) {
        this.title = title;
        this.scores = scores;
    }

    /// Of a run.
    static String html(ReportInput input, Scores scores) {
        ReportPage page = new ReportPage(input.title(), scores);
        page.facts = facts(input);
        page.evaluation();
        page.samples();
        if (scores.models().isEmpty() || input.stages().stream().anyMatch(stage -> MADE.contains(stage.name()))) {
            page.add("rows", "Rows", RowsSection.html(input));
        }
        if (!input.metrics().isEmpty()) {
            page.add("training", "Training", TrainingSection.html(input));
        }
        page.add("cost", "Time and cost", CostSection.html(input.stages()));
        page.add("recipe", "Recipe", recipe(input));
        return page.html();
    }

    /// Of evaluations alone.
    static String html(String title, Scores scores) {
        ReportPage page = new ReportPage(title, scores);
        page.evaluation();
        page.samples();
        return page.html();
    }

    private void evaluation() {
        if (!scores.models().isEmpty()) {
            add("results", "Results", ResultsSection.html(scores));
        }
        if (!scores.comparisons().isEmpty()) {
            add("comparison", "Comparison", ComparisonSection.html(scores));
        }
        add("subjects", "Subjects", SubjectsSection.html(scores));
        add("repeats", "Several answers", RepeatsSection.html(scores));
        add("calibration", "Calibration", CalibrationSection.html(scores));
        add("models", "Models", ModelsSection.html(scores));
    }

    private void samples() {
        if (!scores.models().isEmpty()) {
            add("samples", "Samples", SampleBrowser.html());
        }
    }

    private void add(String id, String heading, String body) {
        if (!body.isEmpty()) {
            sections.add(new Section(id, heading, body));
        }
    }

    private String html() {
        String script = "\"use strict\";\n(() => {\n" + SCRIPTS.stream().map(Html::resource)
                .collect(Collectors.joining("\n")) + "})();\n";
        StringBuilder out = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                + "'unsafe-inline'; script-src 'sha256-")
                .append(hash(script)).append("'; base-uri 'none'; form-action 'none'\">");
        out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<meta name=\"color-scheme\" content=\"light dark\"><title>")
                .append(Svg.escape(title))
                .append("</title><style>").append(Html.resource("page.css")).append(Html.resource("samples.css"))
                .append("</style></head><body>\n<header class=\"top\"><h1>")
                .append(Svg.escape(title)).append("</h1><nav aria-label=\"Sections\">");
        sections.forEach(section -> out.append("<a href=\"#%s\">".formatted(section.id()))
                .append(Svg.escape(section.title())).append("</a>"));
        out.append("</nav><button id=\"theme\" type=\"button\" hidden=\"hidden\">Theme</button></header>\n<main>")
                .append(facts);
        sections.forEach(section -> out.append(Html.section(section.id(), section.title(), section.body())));
        out.append("</main>\n");
        if (!scores.models().isEmpty()) {
            out.append(SampleData.html(scores));
        }
        return out.append("<div id=\"live\" class=\"said\" role=\"status\" aria-live=\"polite\"></div><script>")
                .append(script).append("</script></body></html>\n").toString();
    }

    private static String facts(ReportInput input) {
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
        if (facts.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("<dl class=\"facts\">");
        facts.forEach(fact -> out.append("<div><dt>").append(Svg.escape(fact[0])).append("</dt><dd>")
                .append(Svg.escape(fact[1])).append("</dd></div>"));
        return out.append("</dl>\n").toString();
    }

    private static String recipe(ReportInput input) {
        Path file = input.run().resolve(RECIPE);
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try {
            return Html.folded("Every setting of this run", "<pre>" + Svg.escape(Files.readString(file)) + "</pre>");
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
