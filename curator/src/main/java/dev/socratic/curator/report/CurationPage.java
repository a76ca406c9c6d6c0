package dev.socratic.curator.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.text.WordDiff;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The page of a curation: one file without anything from elsewhere, light and dark, the same for the same rows.
public final class CurationPage {
    private static final String STYLE = """
            :root{color-scheme:light dark;--line:#8886;--bar:#3b6fb5;--gone:#b3261e;--came:#1b7f3b}
            body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
            table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{border-bottom:1px solid var(--line);
            padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top}td.n{text-align:right;
            font-variant-numeric:tabular-nums}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.25rem 0;
            font:13px/1.45 ui-monospace,monospace}details{margin:.25rem 0}summary{cursor:pointer}
            del{color:var(--gone)}ins{color:var(--came)}.grid{display:grid;gap:1rem;
            grid-template-columns:repeat(auto-fill,minmax(20rem,1fr))}figure{margin:0}figcaption{font-size:13px}
            svg{width:100%;height:6rem}rect{fill:var(--bar)}line{stroke:var(--gone);stroke-dasharray:4 3}
            """;

    private final ObjectNode report;
    private final CurationLog log;
    private final StringBuilder page = new StringBuilder();

    private CurationPage(ObjectNode report, CurationLog log) {
        this.report = report;
        this.log = log;
    }

    /// @param report as `report.json` holds it
    public static String html(ObjectNode report, CurationLog log) {
        return new CurationPage(report, log).html();
    }

    private String html() {
        page.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" ")
                .append("content=\"width=device-width\"><title>Curation</title><style>").append(STYLE)
                .append("</style><h1>Curation</h1>");
        counts();
        steps();
        examples("What was dropped, with examples", log.drops());
        examples("What was changed, with examples", log.edits());
        histograms();
        names("Licences", report.path("licences"));
        names("Sources", report.path("sources"));
        return page.append("</html>\n").toString();
    }

    private void counts() {
        JsonNode counts = report.path("counts");
        long gone = 0;
        for (JsonNode n : counts.path("dropped")) {
            gone += n.longValue();
        }
        page.append("<p>").append("%s rows came: %s stayed, %s were dropped, %s could not be read.".formatted(
                number(counts.path("in").longValue()), number(counts.path("kept").longValue()), number(gone),
                number(counts.path("failed").longValue()))).append("</p>");
    }

    private void steps() {
        page.append("<h2>Step by step</h2><table><tr><th>step</th><th>in</th><th>out</th><th>dropped</th>")
                .append("<th>changed</th><th>figures</th></tr>");
        for (JsonNode step : report.path("steps")) {
            page.append("<tr><td>").append(escaped(step.path("step").asText())).append("</td><td class=n>")
                    .append(number(step.path("in").longValue())).append("</td><td class=n>")
                    .append(number(step.path("out").longValue())).append("</td><td>")
                    .append(reasons(step.path("dropped"))).append("</td><td>").append(reasons(step.path("edited")))
                    .append("</td><td><details><summary>show</summary><pre>")
                    .append(escaped(Json.pretty(step.path("facts")).strip())).append("</pre></details></td></tr>");
        }
        page.append("</table>");
    }

    private static String reasons(JsonNode reasons) {
        return reasons.properties().stream()
                .map(reason -> escaped(reason.getKey()) + " " + number(reason.getValue().longValue()))
                .collect(Collectors.joining("<br>"));
    }

    private void examples(String title, Map<String, List<CurationLog.Example>> all) {
        if (all.isEmpty()) {
            return;
        }
        page.append("<h2>").append(title).append("</h2>");
        all.forEach((reason, examples) -> {
            page.append("<details><summary>").append(escaped(reason)).append("</summary>");
            for (CurationLog.Example example : examples) {
                page.append("<table><tr><th>row</th><td>").append(escaped(example.id())).append("</td></tr>");
                text("question", example.question());
                text("answer", example.answer());
                evidence(example.evidence());
                page.append("</table>");
            }
            page.append("</details>");
        });
    }

    private void text(String name, String text) {
        if (!text.isEmpty()) {
            page.append("<tr><th>").append(name).append("</th><td><pre>").append(escaped(text))
                    .append("</pre></td></tr>");
        }
    }

    private void evidence(ObjectNode evidence) {
        ObjectNode rest = evidence.deepCopy();
        JsonNode changes = rest.remove("changes");
        if (changes != null) {
            changes.forEach(change -> page.append("<tr><th>changed</th><td><pre>")
                    .append(diff(change.path("before").asText(), change.path("after").asText()))
                    .append("</pre></td></tr>"));
        }
        text("evidence", Json.canonical(rest));
    }

    private static String diff(String before, String after) {
        return WordDiff.parts(before, after).stream().map(part -> switch (part.kind()) {
            case SAME -> escaped(part.text());
            case GONE -> "<del>" + escaped(part.text()) + "</del>";
            case CAME -> "<ins>" + escaped(part.text()) + "</ins>";
        }).collect(Collectors.joining());
    }

    private void histograms() {
        if (log.scores().isEmpty()) {
            return;
        }
        page.append("<h2>What was measured</h2><p>Each score over the rows it was measured of; the dashed line is a ")
                .append("limit.</p><div class=grid>");
        log.scores().forEach((name, histogram) -> {
            long highest = 1;
            for (int bin = 0; bin < histogram.bins(); bin++) {
                highest = Math.max(highest, histogram.count(bin));
            }
            page.append("<figure><svg viewBox=\"0 0 320 100\" preserveAspectRatio=none role=img aria-label=\"")
                    .append(escaped(name)).append("\">");
            for (int bin = 0; bin < histogram.bins(); bin++) {
                if (histogram.count(bin) > 0) {
                    double height = Math.max(1, 100.0 * histogram.count(bin) / highest);
                    page.append(String.format(Locale.ROOT, "<rect x=%d y=%.1f width=9 height=%.1f><title>%s: %s"
                            + "</title></rect>", 10 * bin, 100 - height, height, shown(histogram.begin(bin)),
                            number(histogram.count(bin))));
                }
            }
            limits(name, histogram);
            page.append("</svg><figcaption>%s: %s to %s, %s rows</figcaption></figure>".formatted(escaped(name),
                    shown(histogram.least()), shown(histogram.most()), number(histogram.all())));
        });
        page.append("</div>");
    }

    private void limits(String name, Histogram histogram) {
        double width = histogram.begin(1) - histogram.begin(0);
        for (JsonNode step : report.path("steps")) {
            for (JsonNode threshold : step.path("thresholds")) {
                double limit = threshold.path(threshold.has("least") ? "least" : "most").doubleValue();
                double at = (limit - histogram.begin(0)) / width * 10;
                if (name.equals(step.path("step").asText() + "." + threshold.path("score").asText()) && at >= 0
                        && at <= 320) {
                    page.append(String.format(Locale.ROOT, "<line x1=%.1f x2=%.1f y1=0 y2=100><title>%s %s</title>"
                            + "</line>", at, at, threshold.has("least") ? "at least" : "at most", shown(limit)));
                }
            }
        }
    }

    private void names(String title, JsonNode names) {
        page.append("<h2>").append(title).append("</h2><table><tr><th></th><th>in</th><th>kept</th></tr>");
        names.properties().forEach(name -> page.append("<tr><td>").append(escaped(name.getKey()))
                .append("</td><td class=n>").append(number(name.getValue().path("in").longValue()))
                .append("</td><td class=n>").append(number(name.getValue().path("kept").longValue()))
                .append("</td></tr>"));
        page.append("</table>");
    }

    private static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? String.valueOf((long) value)
                : String.valueOf(Math.round(value * 1e4) / 1e4);
    }

    private static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
