package dev.socratic.core.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/// One text per JSON value, for hashing.
///
/// Object keys sorted by UTF-16 code unit, no blanks, strings with the escapes JSON demands and no others. Whole
/// numbers are written as they are; a number with a fraction or an exponent is written as the shortest double that
/// equals it, or, if no double's shortest form equals it, exactly. So a tree made from a record and the tree read
/// back from its text have the same canonical form. `1` and `1.0` differ. Object members that are null are written:
/// null and absent are not the same.
final class CanonicalJson {
    private CanonicalJson() {}

    static String write(JsonNode node) {
        StringBuilder out = new StringBuilder();
        write(node, out);
        return out.toString();
    }

    private static void write(JsonNode node, StringBuilder out) {
        switch (node.getNodeType()) {
            case OBJECT -> writeObject(node, out);
            case ARRAY -> {
                out.append('[');
                for (int i = 0; i < node.size(); i++) {
                    if (i > 0) {
                        out.append(',');
                    }
                    write(node.get(i), out);
                }
                out.append(']');
            }
            case STRING -> quote(node.textValue(), out);
            case NUMBER -> out.append(number(node));
            case BOOLEAN -> out.append(node.booleanValue());
            case BINARY -> quote(node.asText(), out);
            case NULL, MISSING -> out.append("null");
            case POJO ->
                    write(Json.mapper().valueToTree(((com.fasterxml.jackson.databind.node.POJONode) node).getPojo()),
                            out);
        }
    }

    private static void writeObject(JsonNode node, StringBuilder out) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        node.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        String comma = "{";
        for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
            out.append(comma);
            quote(entry.getKey(), out);
            out.append(':');
            write(entry.getValue(), out);
            comma = ",";
        }
        out.append(sorted.isEmpty() ? "{}" : "}");
    }

    private static String number(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.bigIntegerValue().toString();
        }
        if (node.isFloat()) {
            return node.asText(); // a float's own shortest form, which is not its double's
        }
        if (node.isDouble()) {
            double value = node.doubleValue();
            return Double.isFinite(value) ? Double.toString(value) : '"' + Double.toString(value) + '"';
        }
        BigDecimal exact = node.decimalValue();
        double nearest = exact.doubleValue();
        if (Double.isFinite(nearest) && new BigDecimal(Double.toString(nearest)).compareTo(exact) == 0) {
            return Double.toString(nearest);
        }
        return exact.stripTrailingZeros().toString();
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }
}
