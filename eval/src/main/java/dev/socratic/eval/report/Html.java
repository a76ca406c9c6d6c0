package dev.socratic.eval.report;

import dev.socratic.eval.stats.Interval;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Small pieces of the page. Every text that comes from a run is escaped here.
final class Html {
    private Html() {}

    /// A table of texts; columns after the first `words` hold numbers and are set to the right.
    static String table(int words, List<String> head, List<List<String>> rows) {
        return cells(words, head, rows.stream().map(row -> row.stream().map(Svg::escape).toList()).toList());
    }

    /// The same of cells that are HTML already; the first of each row is its heading.
    static String cells(int words, List<String> head, List<List<String>> rows) {
        StringBuilder out = new StringBuilder("<div class=\"wide\" tabindex=\"0\"><table><thead><tr>");
        for (int i = 0; i < head.size(); i++) {
            out.append(i < words ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">")
                    .append(Svg.escape(head.get(i))).append("</th>");
        }
        out.append("</tr></thead><tbody>");
        for (List<String> row : rows) {
            out.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                String tag = i == 0 ? "th scope=\"row\"" : "td";
                out.append("<").append(tag).append(i < words ? ">" : " class=\"n\">").append(row.get(i))
                        .append("</").append(i == 0 ? "th" : "td").append(">");
            }
            out.append("</tr>");
        }
        return out.append("</tbody></table></div>").toString();
    }

    /// @param id where the page's list of sections leads to
    static String section(String id, String title, String body) {
        return "<section id=\"%s\" aria-labelledby=\"%s-head\"><h2 id=\"%s-head\">".formatted(id, id, id)
                + Svg.escape(title) + "</h2>" + body + "</section>\n";
    }

    static String heading(String text) {
        return "<h3>" + Svg.escape(text) + "</h3>";
    }

    /// @param body is HTML already
    static String folded(String title, String body) {
        return "<details class=\"figures\"><summary>" + Svg.escape(title) + "</summary>" + body + "</details>";
    }

    static String soft(String text) {
        return "<p class=\"soft\">" + Svg.escape(text) + "</p>";
    }

    static String warning(String text) {
        return "<p class=\"warning\">" + Svg.escape(text) + "</p>";
    }

    static String percent(double rate) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * rate);
    }

    /// @return the rate in percent, without the sign
    static String rate(double rate) {
        return String.format(Locale.ROOT, "%.1f", 100 * rate);
    }

    /// @return `58.1 to 64.4`
    static String range(Interval interval) {
        return rate(interval.low()) + " to " + rate(interval.high());
    }

    /// A figure of any scale at three or four places that count.
    static String figure(double value) {
        double size = Math.abs(value);
        return size >= 1e6 || size > 0 && size < 1e-3 ? String.format(Locale.ROOT, "%.2e", value)
                : String.format(Locale.ROOT, size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.3f", value);
    }

    static String points(double difference) {
        return String.format(Locale.ROOT, "%+.1f", 100 * difference);
    }

    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /// @param name file among this package's resources
    static String resource(String name) {
        try (InputStream in = Html.class.getResourceAsStream("/report/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks /report/" + name + "; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
