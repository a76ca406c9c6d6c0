package dev.socratic.models.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.socratic.core.error.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The header of a safetensors file, read as if it were written by an enemy.
///
/// Every byte of the data belongs to exactly one tensor, every tensor's bytes are as many as its shape and type need,
/// no name comes twice, and nothing is allocated in a size the header merely claims. Format: 8 bytes length,
/// little-endian, then JSON `{"name": {"dtype", "shape", "data_offsets": [begin, end]}, "__metadata__": {text:
/// text}}`, then the data.
record Header(Map<String, TensorInfo> tensors, Map<String, String> metadata) {
    static final String METADATA = "__metadata__";
    /// Headers of real checkpoints stay below 10 MB. The reference reads up to 100 MB.
    static final int LONGEST = 32 << 20;

    private static final int MOST_AXES = 32;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).maxStringLength(1 << 20)
                    .maxNameLength(4096).build())
            .build();

    Header {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Map.copyOf(metadata);
    }

    /// @param bytes the JSON
    /// @param data  how many bytes follow it
    /// @param place the file, for messages
    /// @throws DataException with one line if anything is not as the format says
    static Header parse(byte[] bytes, long data, String place) {
        Reader reader = new Reader(place);
        try (JsonParser json = JSON.createParser(text(bytes, place))) {
            reader.read(json);
        } catch (JsonProcessingException bad) {
            throw broken(place, "valid JSON", firstLine(bad.getOriginalMessage()));
        } catch (IOException impossibleInMemory) {
            throw new IllegalStateException(impossibleInMemory);
        }
        tiles(reader.tensors.values(), data, place);
        return new Header(reader.tensors, reader.metadata);
    }

    private static String text(byte[] bytes, String place) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException bad) {
            throw broken(place, "text in UTF-8", "bytes that are none");
        }
    }

    /// Sorted by place, each tensor begins where the one before ends, and the last one ends with the file.
    private static void tiles(Iterable<TensorInfo> tensors, long data, String place) {
        List<TensorInfo> sorted = new ArrayList<>();
        tensors.forEach(sorted::add);
        sorted.sort(Comparator.comparingLong(TensorInfo::begin).thenComparingLong(TensorInfo::end));
        long at = 0;
        for (TensorInfo tensor : sorted) {
            if (tensor.begin() != at) {
                throw broken(place, "tensor '%s' to begin at byte %s of the data".formatted(shown(tensor.name()), at),
                        tensor.begin() < at ? "%s, which overlaps another".formatted(tensor.begin())
                                : "%s, which leaves a gap".formatted(tensor.begin()));
            }
            at = tensor.end();
        }
        if (at != data) {
            throw broken(place, "%s bytes of data".formatted(at), "%s".formatted(data));
        }
    }

    static DataException broken(String place, String expected, String got) {
        return new DataException(place, "a safetensors header with " + expected, got,
                "the file is damaged or not safetensors; fetch or write it again");
    }

    /// Names come from the file, so they are cut and freed of line ends before a person sees them.
    private static String shown(String text) {
        String flat = text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return flat.length() <= 80 ? flat : flat.substring(0, 80) + "...";
    }

    private static String firstLine(String text) {
        return shown(text.lines().findFirst().orElse(""));
    }

    /// One pass over the JSON.
    private static final class Reader {
        private final String place;
        private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        private final Map<String, String> metadata = new LinkedHashMap<>();

        Reader(String place) {
            this.place = place;
        }

        void read(JsonParser json) throws IOException {
            expect(json.nextToken() == JsonToken.START_OBJECT, "a JSON object", "something else");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                expect(json.nextToken() == JsonToken.START_OBJECT, "an object for '%s'".formatted(shown(name)),
                        "something else");
                if (METADATA.equals(name)) {
                    readMetadata(json);
                } else {
                    tensors.put(name, tensor(name, json));
                }
            }
            expect(json.nextToken() == null, "nothing after the object", "more");
        }

        private void readMetadata(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                expect(json.nextToken() == JsonToken.VALUE_STRING, "texts as metadata",
                        "something else for '%s'".formatted(shown(key)));
                metadata.put(key, json.getText());
            }
        }

        private TensorInfo tensor(String name, JsonParser json) throws IOException {
            String at = "'%s'".formatted(shown(name));
            DType dtype = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                json.nextToken();
                switch (key) {
                    case "dtype" -> dtype = dtype(at, json);
                    case "shape" -> shape = numbers(at + ".shape", json);
                    case "data_offsets" -> offsets = numbers(at + ".data_offsets", json);
                    default -> throw broken(place, "dtype, shape and data_offsets for " + at,
                            "'%s'".formatted(shown(key)));
                }
            }
            expect(dtype != null && shape != null && offsets != null && offsets.size() == 2,
                    "dtype, shape and two data_offsets for " + at, "an incomplete entry");
            long begin = offsets.get(0);
            long end = offsets.get(1);
            expect(begin <= end, "data_offsets in order for " + at, "%s, %s".formatted(begin, end));
            expect(bytes(at, dtype, shape) == end - begin,
                    "%s bytes for %s, %s of shape %s".formatted(bytes(at, dtype, shape), at, dtype, shape),
                            "%s".formatted(end - begin));
            return new TensorInfo(name, dtype, shape, begin, end);
        }

        private DType dtype(String at, JsonParser json) throws IOException {
            String name = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "no text";
            return DType.of(name)
                    .orElseThrow(() -> broken(place, "a known dtype for " + at, "'%s'".formatted(shown(name))));
        }

        private List<Long> numbers(String at, JsonParser json) throws IOException {
            expect(json.currentToken() == JsonToken.START_ARRAY, "a list as " + at, "something else");
            List<Long> numbers = new ArrayList<>();
            while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                expect(numbers.size() < MOST_AXES, "at most %s numbers as %s".formatted(MOST_AXES, at), "more");
                expect(json.getNumberType() != JsonParser.NumberType.BIG_INTEGER && json.getLongValue() >= 0,
                        "numbers of at least 0 and below 2^63 as " + at, shown(json.getText()));
                numbers.add(json.getLongValue());
            }
            expect(json.currentToken() == JsonToken.END_ARRAY, "whole numbers as " + at, "something else");
            return numbers;
        }

        private long bytes(String at, DType dtype, List<Long> shape) {
            try {
                return shape.contains(0L) ? 0 : shape.stream().reduce((long) dtype.bytes(), Math::multiplyExact);
            } catch (ArithmeticException overflow) {
                throw broken(place, "a possible shape for " + at, shape.toString());
            }
        }

        private void expect(boolean yes, String expected, String got) {
            if (!yes) {
                throw broken(place, expected, got);
            }
        }
    }
}
