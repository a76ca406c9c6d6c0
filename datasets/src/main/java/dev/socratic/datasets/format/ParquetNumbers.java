package dev.socratic.datasets.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.error.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;

/// Stored numbers as what their column's logical type says they are: unsigned ones, decimals with all digits, dates
/// and times as ISO 8601
/// text (`2026-01-31`, `12:30`, `2026-01-31T12:30:00Z`, without `Z` where the column has no zone). NaN and
/// infinities, which JSON has not,
/// are null.
final class ParquetNumbers {
    /// Julian day of 1970-01-01, from which INT96 counts.
    private static final long EPOCH_DAY = 2_440_588;

    private ParquetNumbers() {}

    static JsonNode of(int value, LogicalTypeAnnotation meaning) {
        return switch (meaning) {
            case DecimalLogicalTypeAnnotation decimal -> decimal(BigInteger.valueOf(value), decimal);
            case IntLogicalTypeAnnotation whole when !whole.isSigned() ->
                    LongNode.valueOf(Integer.toUnsignedLong(value));
            case DateLogicalTypeAnnotation date -> TextNode.valueOf(LocalDate.ofEpochDay(value).toString());
            case TimeLogicalTypeAnnotation time -> time(value, time.getUnit());
            case null, default -> IntNode.valueOf(value);
        };
    }

    static JsonNode of(long value, LogicalTypeAnnotation meaning) {
        return switch (meaning) {
            case DecimalLogicalTypeAnnotation decimal -> decimal(BigInteger.valueOf(value), decimal);
            case IntLogicalTypeAnnotation whole when !whole.isSigned() ->
                    BigIntegerNode.valueOf(new BigInteger(Long.toUnsignedString(value)));
            case TimeLogicalTypeAnnotation time -> time(value, time.getUnit());
            case TimestampLogicalTypeAnnotation stamp -> timestamp(value, stamp);
            case null, default -> LongNode.valueOf(value);
        };
    }

    static JsonNode of(float value) {
        return Float.isFinite(value) ? DecimalNode.valueOf(new BigDecimal(Float.toString(value)))
                : NullNode.getInstance();
    }

    static JsonNode of(double value) {
        return Double.isFinite(value) ? DecimalNode.valueOf(new BigDecimal(Double.toString(value)))
                : NullNode.getInstance();
    }

    static JsonNode decimal(BigInteger unscaled, DecimalLogicalTypeAnnotation type) {
        return DecimalNode.valueOf(new BigDecimal(unscaled, type.getScale()));
    }

    /// The time of older writers: nanoseconds of the day, then its Julian number.
    static JsonNode int96(byte[] bytes) {
        ByteBuffer stored = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long nanos = stored.getLong();
        long day = Integer.toUnsignedLong(stored.getInt()) - EPOCH_DAY;
        return text(() -> Instant.ofEpochSecond(day * 86_400, nanos).toString());
    }

    private static JsonNode time(long value, TimeUnit unit) {
        return text(() -> LocalTime.ofNanoOfDay(Math.multiplyExact(value, 1_000_000_000 / perSecond(unit))).toString());
    }

    private static JsonNode timestamp(long value, TimestampLogicalTypeAnnotation type) {
        long each = perSecond(type.getUnit());
        return text(() -> {
            Instant moment = Instant.ofEpochSecond(
                    Math.floorDiv(value, each), Math.floorMod(value, each) * (1_000_000_000 / each));
            return type.isAdjustedToUTC() ? moment.toString() : moment.atOffset(ZoneOffset.UTC).toLocalDateTime()
                    .toString();
        });
    }

    private static long perSecond(TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> 1_000;
            case MICROS -> 1_000_000;
            case NANOS -> 1_000_000_000;
        };
    }

    private static JsonNode text(Supplier<String> moment) {
        try {
            return TextNode.valueOf(moment.get());
        } catch (DateTimeException | ArithmeticException e) {
            throw new DataException("", "a date or a time", "a number beyond all of them", "", e);
        }
    }
}
