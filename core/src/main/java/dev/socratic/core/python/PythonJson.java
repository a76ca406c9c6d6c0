package dev.socratic.core.python;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/// JSON exactly as Python's `json.dumps(value, indent=2, ensure_ascii=False)` writes it, because
/// lm-evaluation-harness hashes documents in that form. Other spellings of the same value would give other hashes.
public final class PythonJson {
    private PythonJson() {}

    public static String indented(JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(value, "\n", out);
        return out.toString();
    }

    private static void write(JsonNode value, String lineEnd, StringBuilder out) {
        String inner = lineEnd + "  ";
        if (value.isObject()) {
            Iterator<Map.Entry<String, JsonNode>> fields = value.properties().iterator();
            out.append('{');
            for (String before = inner; fields.hasNext(); before = "," + inner) {
                Map.Entry<String, JsonNode> field = fields.next();
                out.append(before);
                text(field.getKey(), out);
                out.append(": ");
                write(field.getValue(), inner, out);
            }
            out.append(value.isEmpty() ? "" : lineEnd).append('}');
        } else if (value.isArray()) {
            Iterator<JsonNode> items = value.iterator();
            out.append('[');
            for (String before = inner; items.hasNext(); before = "," + inner) {
                out.append(before);
                write(items.next(), inner, out);
            }
            out.append(value.isEmpty() ? "" : lineEnd).append(']');
        } else if (value.isTextual()) {
            text(value.asText(), out);
        } else if (value.isNumber() && !value.isIntegralNumber()) {
            out.append(real(value.asDouble()));
        } else {
            out.append(value.asText());
        }
    }

    private static void text(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> out.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        out.append('"');
    }

    /// Python writes the shortest digits that read back, as Java does since 19, but turns to exponents elsewhere:
    /// below 1e-4 and from 1e16.
    private static String real(double value) {
        double size = Math.abs(value);
        if (value == 0 || size >= 1e-4 && size < 1e16) {
            String plain = value == 0
                    ? Double.toString(value)
                    : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String[] parts = Double.toString(value).split("E");
        int power = Integer.parseInt(parts[1]);
        return parts[0].replaceAll("\\.0$", "")
                + String.format(Locale.ROOT, "e%s%02d", power < 0 ? "-" : "+", Math.abs(power));
    }
}
