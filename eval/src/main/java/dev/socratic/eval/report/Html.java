package dev.socratic.eval.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Small pieces of the page. Every text that comes from a run is escaped here.
final class Html {
    private Html() {}

    /// A table; columns after the first `words` hold numbers and are set to the right.
    static String table(int words, List<String> head, List<List<String>> rows) {
        StringBuilder out = new StringBuilder("<div class=\"wide\"><table><tr>");
        for (int i = 0; i < head.size(); i++) {
            out.append(i < words ? "<th>" : "<th class=\"n\">").append(Svg.escape(head.get(i))).append("</th>");
        }
        out.append("</tr>");
        for (List<String> row : rows) {
            out.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                out.append(i < words ? "<td>" : "<td class=\"n\">").append(Svg.escape(row.get(i))).append("</td>");
            }
            out.append("</tr>");
        }
        return out.append("</table></div>").toString();
    }

    static String section(String title, String body) {
        return "<section><h2>" + Svg.escape(title) + "</h2>" + body + "</section>\n";
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
