package dev.socratic.eval.report;

import java.util.Locale;

/// Writes SVG elements as text. Numbers get two decimals, texts are escaped; nothing is ever taken over unescaped.
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /// @param width  in user units
    /// @param height in user units
    /// @param label  what a screen reader says
    Svg(double width, double height, String label) {
        out.append("<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">"
                .formatted(number(width), number(height), escape(label)));
    }

    Svg line(double x1, double y1, double x2, double y2, String style) {
        out.append("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>"
                .formatted(number(x1), number(y1), number(x2), number(y2), style));
        return this;
    }

    Svg rect(double x, double y, double width, double height, String style, String tip) {
        out.append("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" class=\"%s\"><title>%s</title></rect>"
                .formatted(number(x), number(y), number(width), number(height), style, escape(tip)));
        return this;
    }

    Svg text(double x, double y, String anchor, String text) {
        out.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
                .formatted(number(x), number(y), anchor, escape(text)));
        return this;
    }

    Svg path(String points, String style) {
        out.append("<polyline points=\"%s\" class=\"%s\"/>".formatted(points, style));
        return this;
    }

    String end() {
        return out.append("</svg>").toString();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> {
                    // Control characters are no XML, not even escaped.
                    if (c >= ' ' || c == '\n' || c == '\t') {
                        safe.append(c);
                    }
                }
            }
        }
        return safe.toString();
    }
}
