package dev.socratic.models.gguf;

import dev.socratic.core.error.DataException;
import dev.socratic.models.gguf.MetadataValue.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The header of a GGUF file, read as if it were written by an enemy: nothing is allocated in a size the header merely
/// claims, no name comes twice, every tensor lies in the file, on its own.
///
/// Format: `GGUF`, version (2 or 3), counts of tensors and values as uint64; each value as name, type, content; each
/// tensor as name, axes from the innermost, type, offset; then, aligned, the data. All in one byte order, which the
/// version tells.
final class HeaderReader {
    private static final int MAGIC = 0x46554747; // "GGUF", little-endian
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final long MOST_ALIGNMENT = 1 << 20;
    private static final int LONGEST_NAME = 1 << 16;
    private static final int MOST_AXES = 4;
    /// Numbers of one row: the widest published models have some 50 thousand.
    private static final long WIDEST = 1 << 24;

    private final ByteBuffer bytes;
    private final long fileSize;
    private final int part;
    private final String place;
    private final Map<String, MetadataValue> values = new LinkedHashMap<>();
    private final Map<String, GgufTensor> tensors = new LinkedHashMap<>();

    /// @param bytes the beginning of the file, with the whole header
    /// @param part  of a split model
    /// @param place the file, for messages
    HeaderReader(ByteBuffer bytes, long fileSize, int part, String place) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        this.fileSize = fileSize;
        this.part = part;
        this.place = place;
    }

    /// What a file says of itself.
    record Header(ByteOrder order, Map<String, MetadataValue> values, Map<String, GgufTensor> tensors) {}

    /// @throws DataException with one line if anything is not as the format says
    Header read() {
        expect(bytes.remaining() >= 24 && bytes.getInt() == MAGIC, "'GGUF' as its first bytes", "something else");
        int version = bytes.getInt();
        if ((version & 0xffff) == 0) {
            bytes.order(ByteOrder.BIG_ENDIAN);
            version = Integer.reverseBytes(version);
        }
        expect(version == 2 || version == 3, "version 2 or 3", Integer.toUnsignedString(version));
        long tensorCount = count("number of tensors", 24);
        long valueCount = count("number of values", 12);
        for (long i = 0; i < valueCount; i++) {
            String name = name("a value");
            expect(values.put(name, value(name)) == null, "each value once", "'%s' twice".formatted(shown(name)));
        }
        List<Raw> raw = new ArrayList<>();
        for (long i = 0; i < tensorCount; i++) {
            raw.add(tensor());
        }
        place(raw);
        return new Header(bytes.order(), values, tensors);
    }

    /// A tensor before the data's begin is known.
    private record Raw(String name, GgmlType type, List<Long> shape, long offset) {}

    private MetadataValue value(String name) {
        Kind kind = kind(name);
        return switch (kind) {
            case STRING -> new MetadataValue.Text(text(name));
            case ARRAY -> array(name);
            case BOOL -> new MetadataValue.Flag(take(1, name).get(0) != 0);
            case FLOAT32, FLOAT64 -> new MetadataValue.Real(kind, kind.real(take(kind.bytes(), name), 0));
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> {
                long whole = kind.whole(take(kind.bytes(), name), 0);
                expect(kind != Kind.UINT64 || whole >= 0, "numbers below 2^63 for '%s'".formatted(shown(name)),
                        Long.toUnsignedString(whole));
                yield new MetadataValue.Whole(kind, whole);
            }
        };
    }

    private MetadataValue array(String name) {
        Kind kind = kind(name);
        String at = "'%s'".formatted(shown(name));
        expect(kind != Kind.ARRAY, "lists of plain values for " + at, "lists of lists");
        long length = count("length of " + at, kind == Kind.STRING ? Long.BYTES : kind.bytes());
        if (kind == Kind.STRING) {
            List<String> texts = new ArrayList<>();
            for (long i = 0; i < length; i++) {
                texts.add(text(name));
            }
            return new MetadataValue.Texts(texts);
        }
        byte[] raw = new byte[Math.toIntExact(length * kind.bytes())]; // no more than the file has left: see count
        bytes.get(raw);
        return new MetadataValue.Numbers(kind, raw, bytes.order());
    }

    private Kind kind(String name) {
        long id = whole(Integer.BYTES, "the type of '%s'".formatted(shown(name)));
        return Kind.of(id).orElseThrow(() -> broken("a known type for '%s'".formatted(shown(name)), "type " + id));
    }

    private Raw tensor() {
        String name = name("a tensor");
        String at = "'%s'".formatted(shown(name));
        long axes = whole(Integer.BYTES, "the axes of " + at);
        expect(axes >= 1 && axes <= MOST_AXES, "1 to %s axes for %s".formatted(MOST_AXES, at), "" + axes);
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            long size = whole(Long.BYTES, "the shape of " + at);
            expect(size > 0 && size < 1L << 40, "sizes of 1 to 2^40 for " + at, Long.toUnsignedString(size));
            shape.addFirst(size);
        }
        long id = whole(Integer.BYTES, "the type of " + at);
        GgmlType type = GgmlType.of(id).orElseThrow(() -> new DataException(place,
                "a tensor type this version knows for " + at, "type " + id,
                "known: %s; take the model in one of these".formatted(String.join(", ", GgmlType.known()))));
        expect(shape.getLast() <= WIDEST, "rows of at most %s numbers for %s".formatted(WIDEST, at),
                "" + shape.getLast());
        expect(shape.getLast() % type.block() == 0,
                "rows of whole blocks of %s for %s, %s".formatted(type.block(), at, type), "" + shape.getLast());
        return new Raw(name, type, shape, whole(Long.BYTES, "the offset of " + at));
    }

    /// Where tensors lie: aligned, inside of the file, none over another.
    private void place(List<Raw> list) {
        long alignment = values.get("general.alignment") instanceof MetadataValue.Whole(Kind ignored, long given)
                ? given : DEFAULT_ALIGNMENT;
        expect(alignment > 0 && alignment <= MOST_ALIGNMENT && Long.bitCount(alignment) == 1,
                "a power of 2 up to %s as general.alignment".formatted(MOST_ALIGNMENT), "" + alignment);
        long data = (bytes.position() + alignment - 1) / alignment * alignment;
        for (Raw raw : list) {
            String at = "'%s'".formatted(shown(raw.name()));
            expect(raw.offset() >= 0 && raw.offset() % alignment == 0,
                    "an offset that is a multiple of %s for %s".formatted(alignment, at),
                    Long.toUnsignedString(raw.offset()));
            GgufTensor tensor = new GgufTensor(raw.name(), raw.type(), raw.shape(), part, data + raw.offset());
            long size = size(tensor, at);
            expect(raw.offset() <= fileSize - data && size <= fileSize - data - raw.offset(),
                    "the %s bytes of %s from byte %s on".formatted(size, at, data + raw.offset()),
                    "a file of %s bytes".formatted(fileSize));
            expect(tensors.put(raw.name(), tensor) == null, "each tensor once", at + " twice");
        }
        List<GgufTensor> sorted = new ArrayList<>(tensors.values());
        sorted.sort(Comparator.comparingLong(GgufTensor::begin));
        for (int i = 1; i < sorted.size(); i++) {
            GgufTensor before = sorted.get(i - 1);
            expect(before.begin() + before.bytes() <= sorted.get(i).begin(),
                    "tensors beside one another", "'%s' inside of '%s'".formatted(shown(sorted.get(i).name()),
                            shown(before.name())));
        }
    }

    private long size(GgufTensor tensor, String at) {
        try {
            return tensor.bytes();
        } catch (ArithmeticException overflow) {
            throw broken("a possible shape for " + at, tensor.shape().toString());
        }
    }

    private String name(String what) {
        String name = text(what);
        expect(!name.isEmpty() && name.length() <= LONGEST_NAME,
                "a name of 1 to %s letters for %s".formatted(LONGEST_NAME, what),
                "%s letters".formatted(name.length()));
        return name;
    }

    private String text(String what) {
        long length = count("length of a text in '%s'".formatted(shown(what)), 1);
        ByteBuffer slice = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
        } catch (CharacterCodingException bad) {
            throw broken("text in UTF-8 in '%s'".formatted(shown(what)), "bytes that are none");
        }
    }

    /// A count of things that take at least so many bytes each, no more than the file has room for.
    private long count(String what, int each) {
        long count = whole(Long.BYTES, "the " + what);
        expect(count >= 0 && count <= bytes.remaining() / each,
                "a %s that fits into the file".formatted(what), Long.toUnsignedString(count));
        return count;
    }

    private long whole(int size, String what) {
        ByteBuffer raw = take(size, what);
        return size == Integer.BYTES ? raw.getInt(0) & 0xffffffffL : raw.getLong(0);
    }

    private ByteBuffer take(int size, String what) {
        expect(bytes.remaining() >= size, "%s in the first %s bytes".formatted(shown(what), bytes.limit()), "the end");
        ByteBuffer slice = bytes.slice(bytes.position(), size).order(bytes.order());
        bytes.position(bytes.position() + size);
        return slice;
    }

    private void expect(boolean yes, String expected, String got) {
        if (!yes) {
            throw broken(expected, got);
        }
    }

    private DataException broken(String expected, String got) {
        return broken(place, expected, got);
    }

    static DataException broken(String place, String expected, String got) {
        return new DataException(place, "a GGUF file with " + expected, got,
                "the file is damaged or not GGUF; fetch or write it again");
    }

    /// Names come from the file, so they are cut and freed of line ends before a person sees them.
    static String shown(String text) {
        String flat = text.codePoints().limit(80)
                .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.length() <= 80 ? flat : flat + "...";
    }
}
