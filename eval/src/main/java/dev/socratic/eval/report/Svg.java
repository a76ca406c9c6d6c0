package dev.socratic.eval.report;

import java.util.Locale;

/// Writes SVG elements as text. Numbers get two decimals, texts are escaped; nothing is ever taken over unescaped.
final class Svg {
    /// Width of a letter at the page's 12 pixels in a wide font: none is at hand to measure with.
    static final double LETTER = 7.2;

    private final StringBuilder out = new StringBuilder();

    /// @param width  in user units
    /// @param height in user units
    /// @param label  what a screen reader says
    Svg(double width, double height, String label) {
        out.append("<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\" style=\"max-width:%spx\">"
                .formatted(number(width), number(height), escape(label), number(width)));
    }

    Svg line(double x1, double y1, double x2, double y2, String style) {
        out.append("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" class=\"%s\"/>"
                .formatted(number(x1), number(y1), number(x2), number(y2), style));
        return this;
    }

    Svg rect(double x, double y, double width, double height, String style, String tip) {
        out.append("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" class=\"%s\"><title>%s</title></rect>"
                .formatted(number(x), number(y), number(Math.max(0, width)), number(height), style, escape(tip)));
        return this;
    }

    Svg dot(double x, double y, double radius, String style, String tip) {
        out.append("<circle cx=\"%s\" cy=\"%s\" r=\"%s\" class=\"%s\"><title>%s</title></circle>"
                .formatted(number(x), number(y), number(radius), style, escape(tip)));
        return this;
    }

    Svg text(double x, double y, String anchor, String text) {
        return text(x, y, anchor, "", text);
    }

    Svg text(double x, double y, String anchor, String style, String text) {
        out.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" class=\"%s\">%s</text>"
                .formatted(number(x), number(y), anchor, style, escape(text)));
        return this;
    }

    /// A text cut to the room there is; the whole of it is in the tip.
    Svg label(double x, double y, String anchor, double room, String text) {
        out.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\"><title>%s</title>%s</text>"
                .formatted(number(x), number(y), anchor, escape(text), escape(fit(text, room))));
        return this;
    }

    Svg path(String points, String style) {
        out.append("<polyline points=\"%s\" class=\"%s\"/>".formatted(points, style));
        return this;
    }

    String end() {
        return out.append("</svg>").toString();
    }

    /// @return the text, its middle left out where it is too long: names often differ in their ends
    static String fit(String text, double room) {
        int most = Math.max(3, (int) (room / LETTER));
        int[] points = text.codePoints().toArray();
        if (points.length <= most) {
            return text;
        }
        int head = (most - 1) / 2;
        int tail = most - 1 - head;
        return new String(points, 0, head) + "…" + new String(points, points.length - tail, tail);
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
