package dev.socratic.core.template;

import dev.socratic.core.template.Values.None;
import dev.socratic.core.template.Values.Tuple;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// JSON as Python's `json.dumps` lays it out, which is what `tojson` prints: `{"a": 1}`, not `{"a":1}`.
final class JsonText {
    /// @param indent    what one level is indented by; empty text and `lines` false for a single line
    /// @param lines     whether each item stands on a line of its own
    /// @param comma     between items
    /// @param colon     between key and value
    /// @param asciiOnly whether everything beyond ASCII is escaped
    /// @param sorted    whether keys are sorted
    record Layout(String indent, boolean lines, String comma, String colon, boolean asciiOnly, boolean sorted) {}

    private final Layout layout;
    private final RenderBudget budget;
    private final StringBuilder out = new StringBuilder();

    private JsonText(Layout layout, RenderBudget budget) {
        this.layout = layout;
        this.budget = budget;
    }

    static String write(Object value, Layout layout, RenderBudget budget) {
        JsonText text = new JsonText(layout, budget);
        text.write(value, 0);
        budget.text(text.out.length());
        return text.out.toString();
    }

    private void write(Object value, int level) {
        budget.steps(1 + (layout.lines() ? (long) level * layout.indent().length() / 4 : 0));
        budget.enter();
        switch (value) {
            case String text -> quote(text);
            case Boolean truth -> out.append(truth);
            case Double number -> out.append(number(number));
            case Number number -> out.append(number);
            case None ignored -> out.append("null");
            case List<?> list -> list(list, level);
            case Tuple tuple -> list(tuple.items(), level);
            case Map<?, ?> map -> dict(map, level);
            default -> throw TemplateFailure.type(
                    "Object of type %s is not JSON serializable".formatted(Values.type(value)));
        }
        budget.leave();
    }

    private void list(List<?> items, int level) {
        out.append('[');
        for (int i = 0; i < items.size(); i++) {
            separate(i, level + 1);
            write(items.get(i), level + 1);
        }
        close(items.isEmpty(), level, ']');
    }

    private void dict(Map<?, ?> map, int level) {
        Map<?, ?> ordered = map;
        if (layout.sorted()) {
            TreeMap<String, Object> sorted = new TreeMap<>(Operators::compareTexts);
            map.forEach((key, item) -> sorted.put(key(key), item));
            ordered = sorted;
        }
        out.append('{');
        int i = 0;
        for (Map.Entry<?, ?> entry : ordered.entrySet()) {
            separate(i++, level + 1);
            quote(key(entry.getKey()));
            out.append(layout.colon());
            write(entry.getValue(), level + 1);
        }
        close(map.isEmpty(), level, '}');
    }

    private void separate(int index, int level) {
        out.append(index > 0 ? layout.comma() : "");
        newLine(level);
    }

    private void close(boolean empty, int level, char bracket) {
        if (!empty) {
            newLine(level);
        }
        out.append(bracket);
    }

    private void newLine(int level) {
        if (layout.lines()) {
            budget.text((long) level * layout.indent().length());
            out.append('\n').append(layout.indent().repeat(level));
        }
    }

    private static String key(Object key) {
        return switch (key) {
            case String text -> text;
            case Boolean truth -> truth.toString();
            case Double number -> number(number);
            case None ignored -> "null";
            default -> key.toString();
        };
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "NaN" : Double.isInfinite(value) ? value > 0
                ? "Infinity" : "-Infinity" : PythonText.number(value);
    }

    private void quote(String text) {
        budget.text(text.length() + 2L);
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            switch (unit) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (unit < 0x20 || layout.asciiOnly() && unit > 0x7e) {
                        out.append("\\u%04x".formatted((int) unit));
                    } else {
                        out.append(unit);
                    }
                }
            }
        }
        out.append('"');
    }
}
