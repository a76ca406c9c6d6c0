package dev.socratic.datasets.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/// A Parquet record as a JSON object.
///
/// Lists and maps as their logical types say; a missing value is a missing field, and null inside a list. Numbers,
/// dates and times are what
/// [ParquetNumbers] says; bytes that are no text come as Base64.
final class ParquetJson {
    private ParquetJson() {}

    /// @throws DataException if text in it is no UTF-8 or JSON in it is none
    static ObjectNode object(Group group) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        GroupType type = group.getType();
        for (int i = 0; i < type.getFieldCount(); i++) {
            int count = group.getFieldRepetitionCount(i);
            Type field = type.getType(i);
            if (field.isRepetition(Type.Repetition.REPEATED)) {
                ArrayNode list = object.putArray(field.getName());
                for (int j = 0; j < count; j++) {
                    list.add(value(group, i, j));
                }
            } else if (count > 0) {
                object.set(field.getName(), value(group, i, 0));
            }
        }
        JsonNode rest = object.get(ParquetColumn.REST);
        if (rest != null && rest.isObject()) {
            object.remove(ParquetColumn.REST);
            object.setAll((ObjectNode) rest);
        }
        return object;
    }

    private static JsonNode value(Group group, int field, int index) {
        Type type = group.getType().getType(field);
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        if (!type.isPrimitive()) {
            Group inner = group.getGroup(field, index);
            return meaning instanceof ListLogicalTypeAnnotation ? list(inner)
                    : meaning instanceof MapLogicalTypeAnnotation ? map(inner) : object(inner);
        }
        return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> BooleanNode.valueOf(group.getBoolean(field, index));
            case INT32 -> ParquetNumbers.of(group.getInteger(field, index), meaning);
            case INT64 -> ParquetNumbers.of(group.getLong(field, index), meaning);
            case FLOAT -> ParquetNumbers.of(group.getFloat(field, index));
            case DOUBLE -> ParquetNumbers.of(group.getDouble(field, index));
            case BINARY, FIXED_LEN_BYTE_ARRAY ->
                    bytes(group.getBinary(field, index).getBytes(), meaning, type.getName());
            case INT96 -> ParquetNumbers.int96(group.getInt96(field, index).getBytes());
        };
    }

    private static JsonNode bytes(byte[] bytes, LogicalTypeAnnotation meaning, String name) {
        if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
            return ParquetNumbers.decimal(new BigInteger(bytes), decimal);
        }
        if (meaning instanceof Float16LogicalTypeAnnotation && bytes.length == Short.BYTES) {
            return ParquetNumbers.of(Float.float16ToFloat((short) (bytes[1] << 8 | bytes[0] & 0xff)));
        }
        if (meaning instanceof UUIDLogicalTypeAnnotation && bytes.length == 2 * Long.BYTES) {
            ByteBuffer two = ByteBuffer.wrap(bytes);
            return TextNode.valueOf(new UUID(two.getLong(), two.getLong()).toString());
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return meaning instanceof JsonLogicalTypeAnnotation ? json(text, name) : TextNode.valueOf(text);
        } catch (CharacterCodingException e) {
            if (meaning == null) {
                return TextNode.valueOf(Base64.getEncoder().encodeToString(bytes));
            }
            throw new DataException(name, "valid UTF-8", "other bytes", "", e);
        }
    }

    private static JsonNode json(String text, String name) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new DataException(name, "valid JSON", e.getOriginalMessage(), "", e);
        }
    }

    /// Three levels as the format asks for (list, repeated group, element), or the two levels of older writers.
    private static ArrayNode list(Group list) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        Type repeated = list.getType().getType(0);
        boolean wrapped = !repeated.isPrimitive()
                && repeated.asGroupType().getFieldCount() == 1
                && !repeated.getName().equals("array")
                && !repeated.getName().endsWith("_tuple");
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
            if (!wrapped) {
                array.add(value(list, 0, i));
            } else {
                Group element = list.getGroup(0, i);
                array.add(element.getFieldRepetitionCount(0) == 0 ? NullNode.getInstance() : value(element, 0, 0));
            }
        }
        return array;
    }

    private static ObjectNode map(Group map) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
            Group entry = map.getGroup(0, i);
            object.set(
                    value(entry, 0, 0).asText(),
                    entry.getFieldRepetitionCount(1) == 0 ? NullNode.getInstance() : value(entry, 1, 0));
        }
        return object;
    }
}
