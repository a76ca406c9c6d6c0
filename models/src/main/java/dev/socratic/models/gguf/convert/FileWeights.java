package dev.socratic.models.gguf.convert;

import ai.djl.ndarray.NDArray;
import dev.socratic.core.error.DataException;
import dev.socratic.models.gguf.GgmlType;
import dev.socratic.models.gguf.GgufWriter;
import dev.socratic.models.gguf.Quantise;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.PlainWeights;
import dev.socratic.models.network.PlainWeights.Plain;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The weights of a folder as those of a GGUF: named, laid out and typed as there.
final class FileWeights {
    private static final int BLOCK = 1 << 22;
    private static final float LARGEST_HALF = 65504;

    private final PlainWeights weights;
    private final ModelConfig config;
    private final GgufFamily family;
    private final TypeRules rules;

    FileWeights(PlainWeights weights, ModelConfig config, GgufFamily family, TypeRules rules) {
        this.weights = weights;
        this.config = config;
        this.family = family;
        this.rules = rules;
    }

    List<GgufWriter.Content> tensors() {
        List<GgufWriter.Content> tensors = new ArrayList<>();
        for (Plain weight : weights.weights()) {
            String name = name(weight);
            GgmlType type = rules.of(name, weight.shape());
            tensors.add(new GgufWriter.Content(name, type, weight.shape(), out -> write(weight, type, out)));
        }
        return tensors;
    }

    private String name(Plain weight) {
        return new TensorNames(family).gguf(weight.name()).orElseThrow(() -> new DataException(weight.name(),
                "a tensor that a GGUF of the family %s has".formatted(family.architecture()), "another",
                "a GGUF of this model would compute something else"));
    }

    /// @return which types stand in for others, by how many tensors and why
    List<String> fallbacks() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Plain weight : weights.weights()) {
            GgmlType type = rules.of(name(weight), weight.shape());
            long width = weight.shape().getLast();
            GgmlType wanted = rules.wanted(name(weight), width);
            if (type != wanted && type != GgmlType.F32) {
                counts.merge("%s in place of %s, whose blocks of %s do not fill rows of %s".formatted(type, wanted,
                        wanted.block(), width), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream().map(count -> "%s tensors as %s".formatted(count.getValue(), count.getKey()))
                .toList();
    }

    private void write(Plain weight, GgmlType type, OutputStream out) throws IOException {
        Optional<HeadRows> turned = turned(weight);
        boolean plusOne = family.normsPlusOne() && weight.name().endsWith("norm.weight");
        boolean vector = weight.shape().size() == 1;
        int width = Math.toIntExact(vector ? 1 : weight.shape().getLast());
        long rows = weight.shape().getFirst();
        int together = vector ? (int) rows : 1;
        float[] numbers = new float[width * together];
        ByteBuffer bytes = ByteBuffer.allocate((int) type.rowBytes(numbers.length)).order(ByteOrder.LITTLE_ENDIAN);
        try (NDArray array = weights.read(weight.name()); Floats floats = new Floats(array, width)) {
            for (long row = 0; row < rows; row += together) {
                for (int i = 0; i < together; i++) {
                    long to = row + i;
                    floats.row(turned.map(heads -> heads.inFolder(to)).orElse(to), numbers, i * width);
                }
                prepare(weight, type, plusOne, numbers);
                bytes.clear();
                Quantise.row(type, numbers, numbers.length, bytes);
                out.write(bytes.array());
            }
        }
    }

    private static void prepare(Plain weight, GgmlType type, boolean plusOne, float[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += plusOne ? 1 : 0;
            if (type == GgmlType.F16 && Math.abs(numbers[i]) > LARGEST_HALF) {
                throw new DataException(weight.name(), "numbers in the range of float16, up to 65504", "" + numbers[i],
                        "take --type bf16 or f32");
            }
        }
    }

    private Optional<HeadRows> turned(Plain weight) {
        boolean heads = weight.name().contains(".q_proj.") || weight.name().contains(".k_proj.");
        return family.headsInPairs() && heads ? Optional.of(new HeadRows(config.attention().dim())) : Optional.empty();
    }

    static byte[] float32(float[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return bytes.array();
    }

    /// Rows of an array, some of which are on the Java side at a time.
    private static final class Floats implements AutoCloseable {
        private final NDArray flat;
        private final int width;
        private FloatBuffer window = FloatBuffer.allocate(0);
        private long first;

        Floats(NDArray array, int width) {
            this.flat = array.reshape(-1); // [rows * width]
            this.width = width;
        }

        void row(long row, float[] to, int at) {
            long rows = window.capacity() / width;
            if (row < first || row >= first + rows) {
                long count = Math.max(1, BLOCK / width);
                first = row / count * count; // rows of a head, which are read out of order, mostly share a window
                long end = Math.min(flat.size(), (first + count) * width);
                try (NDArray slice = flat.get(first * width + ":" + end)) {
                    window = slice.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
                }
            }
            window.get((int) (row - first) * width, to, at, width);
        }

        @Override
        public void close() {
            flat.close();
        }
    }
}
