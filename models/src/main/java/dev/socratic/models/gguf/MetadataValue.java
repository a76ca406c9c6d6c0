package dev.socratic.models.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A value of a GGUF's metadata, with its type.
public sealed interface MetadataValue {
    /// A number of a whole type; unsigned numbers beyond 2^63 are refused when they are read.
    record Whole(Kind kind, long value) implements MetadataValue {
        /// @return a uint32, as most numbers are
        public static Whole of(long value) {
            return new Whole(Kind.UINT32, value);
        }
    }

    /// A float32 or float64.
    record Real(Kind kind, double value) implements MetadataValue {
        /// @return a float32
        public static Real of(double value) {
            return new Real(Kind.FLOAT32, value);
        }
    }

    record Flag(boolean value) implements MetadataValue {}

    record Text(String value) implements MetadataValue {}

    record Texts(List<String> values) implements MetadataValue {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /// Numbers or flags of one type, as the file holds them.
    final class Numbers implements MetadataValue {
        private final Kind kind;
        private final ByteBuffer raw;

        /// @param raw in the byte order of the file; owned by this value
        Numbers(Kind kind, byte[] raw, ByteOrder order) {
            this.kind = kind;
            this.raw = ByteBuffer.wrap(raw).order(order);
        }

        /// @return a list of int32
        public static Numbers int32(int[] numbers) {
            ByteBuffer raw = ByteBuffer.allocate(numbers.length * Integer.BYTES);
            raw.asIntBuffer().put(numbers);
            return new Numbers(Kind.INT32, raw.array(), ByteOrder.BIG_ENDIAN);
        }

        /// @return a list of float32
        public static Numbers float32(float[] numbers) {
            ByteBuffer raw = ByteBuffer.allocate(numbers.length * Float.BYTES);
            raw.asFloatBuffer().put(numbers);
            return new Numbers(Kind.FLOAT32, raw.array(), ByteOrder.BIG_ENDIAN);
        }

        public Kind kind() {
            return kind;
        }

        public int size() {
            return raw.capacity() / kind.bytes();
        }

        /// @return the number at a place, widened
        public double real(int at) {
            return kind.real() ? kind.real(raw, at * kind.bytes()) : whole(at);
        }

        /// @return the number at a place; of real ones, without their fraction
        public long whole(int at) {
            return kind.real() ? (long) kind.real(raw, at * kind.bytes()) : kind.whole(raw, at * kind.bytes());
        }
    }

    /// The types of values, in the order of their ids.
    enum Kind {
        UINT8(1), INT8(1), UINT16(2), INT16(2), UINT32(4), INT32(4), FLOAT32(4), BOOL(1), STRING(0), ARRAY(0),
        UINT64(8), INT64(8), FLOAT64(8);

        private final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }

        /// @return bytes of one value; 0 where that depends on the value
        int bytes() {
            return bytes;
        }

        int id() {
            return ordinal();
        }

        boolean real() {
            return this == FLOAT32 || this == FLOAT64;
        }

        static Optional<Kind> of(long id) {
            return Stream.of(values()).filter(kind -> kind.ordinal() == id).findFirst();
        }

        long whole(ByteBuffer raw, int at) {
            return switch (this) {
                case UINT8, BOOL -> raw.get(at) & 0xff;
                case INT8 -> raw.get(at);
                case UINT16 -> raw.getShort(at) & 0xffff;
                case INT16 -> raw.getShort(at);
                case UINT32 -> raw.getInt(at) & 0xffffffffL;
                case INT32 -> raw.getInt(at);
                case UINT64, INT64 -> raw.getLong(at);
                case FLOAT32, FLOAT64, STRING, ARRAY -> throw new IllegalArgumentException("a whole type; got " + this);
            };
        }

        double real(ByteBuffer raw, int at) {
            return switch (this) {
                case FLOAT32 -> raw.getFloat(at);
                case FLOAT64 -> raw.getDouble(at);
                case UINT8, INT8, UINT16, INT16, UINT32, INT32, BOOL, STRING, ARRAY, UINT64, INT64 ->
                    throw new IllegalArgumentException("a real type; got " + this);
            };
        }
    }
}
