package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/// One column of a Parquet file we write.
///
/// @param name of the field
/// @param kind what its values are
record ParquetColumn(String name, Kind kind) {
    /// Where a row keeps what fits no column: fields the first rows had not, values of another kind, explicit nulls.
    static final String REST = "_json";

    enum Kind {
        TEXT,
        WHOLE,
        NUMBER,
        TRUTH,
        /// `[text]`
        TEXTS,
        /// `[{role, content}]`, as hubs keep conversations.
        MESSAGES,
        /// Anything else, as JSON text; marked so in the schema.
        ANY;

        boolean holds(JsonNode value) {
            return switch (this) {
                case TEXT -> value.isTextual();
                case WHOLE -> value.isIntegralNumber() && value.canConvertToLong();
                case NUMBER -> value.isFloatingPointNumber() && isExact(value);
                case TRUTH -> value.isBoolean();
                case TEXTS -> value.isArray() && all(value, JsonNode::isTextual);
                case MESSAGES -> value.isArray() && all(value, Kind::isMessage);
                case ANY -> !value.isNull();
            };
        }

        private static boolean isMessage(JsonNode value) {
            return value.size() == 2 && value.path("role").isTextual() && value.path("content").isTextual();
        }

        /// A double must give back the very digits, or the number goes to the rest.
        private static boolean isExact(JsonNode value) {
            double number = value.doubleValue();
            return Double.isFinite(number) && Json.line(value).equals(Json.line(number(number)));
        }
    }

    static DecimalNode number(double value) {
        return DecimalNode.valueOf(new BigDecimal(Double.toString(value)));
    }

    /// @return one column for each field of the first rows, in the order they come up, of the narrowest kind that
    ///         holds all its values
    static List<ParquetColumn> of(List<ObjectNode> first) {
        Map<String, List<JsonNode>> values = new LinkedHashMap<>();
        first.forEach(row -> row.properties().stream()
                .filter(field -> !field.getValue().isNull() && !field.getKey().isEmpty()
                        && !field.getKey().equals(REST))
                .forEach(field -> values.computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                        .add(field.getValue())));
        List<ParquetColumn> columns = new ArrayList<>();
        values.forEach((name, all) -> {
            for (Kind kind : Kind.values()) {
                if (all.stream().allMatch(kind::holds)) {
                    columns.add(new ParquetColumn(name, kind));
                    break;
                }
            }
        });
        return columns;
    }

    Type type() {
        return switch (kind) {
            case TEXT -> text(name);
            case WHOLE -> Types.optional(PrimitiveTypeName.INT64).named(name);
            case NUMBER -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
            case TRUTH -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
            case TEXTS -> Types.optionalList().element(text("element")).named(name);
            case MESSAGES -> Types.optionalList()
                    .element(Types.optionalGroup().addFields(text("role"), text("content")).named("element"))
                    .named(name);
            case ANY -> json(name);
        };
    }

    static Type json(String name) {
        return Types.optional(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.jsonType()).named(name);
    }

    private static Type text(String name) {
        return Types.optional(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named(name);
    }

    /// @param value one that [Kind#holds]
    void write(Group row, JsonNode value) {
        switch (kind) {
            case TEXT -> row.add(name, value.textValue());
            case WHOLE -> row.add(name, value.longValue());
            case NUMBER -> row.add(name, value.doubleValue());
            case TRUTH -> row.add(name, value.booleanValue());
            case TEXTS -> {
                Group list = row.addGroup(name);
                value.forEach(text -> list.addGroup("list").add("element", text.textValue()));
            }
            case MESSAGES -> {
                Group list = row.addGroup(name);
                value.forEach(message -> {
                    Group element = list.addGroup("list").addGroup("element");
                    element.add("role", message.get("role").textValue());
                    element.add("content", message.get("content").textValue());
                });
            }
            case ANY -> row.add(name, Json.line(value));
        }
    }

    private static boolean all(JsonNode list, Predicate<JsonNode> test) {
        return StreamSupport.stream(list.spliterator(), false).allMatch(test);
    }
}
