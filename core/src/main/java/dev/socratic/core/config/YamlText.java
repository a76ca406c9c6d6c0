package dev.socratic.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A tree as YAML in block form, two blanks a level. Texts stand without quotes where no reader could take them for
/// anything else.
final class YamlText {
    /// Words, paths and versions: nothing that begins like a number or a YAML sign, nothing with ': ' or ' #'.
    private static final Pattern BARE =
            Pattern.compile("[A-Za-z_/][A-Za-z0-9_/.+@-]*( [A-Za-z0-9_/.+@(-][A-Za-z0-9_/.+@()-]*)*");
    /// YAML 1.1 readers take all of these for something else than a text.
    private static final Set<String> TAKEN = Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

    private YamlText() {}

    static String of(JsonNode node) {
        StringBuilder out = new StringBuilder();
        if (node.isContainerNode() && !node.isEmpty()) {
            block(node, "", out);
        } else {
            out.append(scalar(node)).append('\n');
        }
        return out.toString();
    }

    private static void block(JsonNode node, String indent, StringBuilder out) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                out.append(indent).append(text(entry.getKey())).append(':');
                value(entry.getValue(), indent, out);
            }
            return;
        }
        for (Iterator<JsonNode> items = node.elements(); items.hasNext(); ) {
            out.append(indent).append('-');
            value(items.next(), indent, out);
        }
    }

    private static void value(JsonNode value, String indent, StringBuilder out) {
        if (value.isContainerNode() && !value.isEmpty()) {
            out.append('\n');
            block(value, indent + "  ", out);
        } else {
            out.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static String scalar(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> text(node.textValue());
            case OBJECT -> "{}";
            case ARRAY -> "[]";
            case NUMBER -> number(node);
            case BOOLEAN, NULL, MISSING, BINARY, POJO -> node.asText();
        };
    }

    private static String number(JsonNode node) {
        boolean infinite = (node.isDouble() || node.isFloat()) && Double.isInfinite(node.doubleValue());
        return infinite ? (node.doubleValue() > 0 ? ".inf" : "-.inf") : node.asText();
    }

    private static String text(String text) {
        return BARE.matcher(text).matches() && !TAKEN.contains(text.toLowerCase(java.util.Locale.ROOT))
                ? text
                : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c >= 0x20 && c < 0x7F || c >= 0xA0 && c < 0xD800 && c != 0x2028 && c != 0x2029 || c >= 0xE000
                            && c < 0xFFFD && c != 0xFEFF) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(c > 0xFFFF ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
                    }
                }
            }
        });
        return out.append('"').toString();
    }
}
