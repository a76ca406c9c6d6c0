package dev.socratic.models.gguf.convert;

import dev.socratic.core.error.DataException;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Outgoing;
import dev.socratic.models.checkpoint.Widening;
import dev.socratic.models.gguf.Gguf;
import dev.socratic.models.gguf.GgufTensor;
import dev.socratic.models.gguf.TensorRows;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The weights of a GGUF as those of a folder: named, laid out and typed as there.
final class FolderWeights {
    /// Tensors that are numbers of the config.
    private static final List<String> OF_CONFIG = List.of(FolderRope.LLAMA3, FolderRope.SHORT, FolderRope.LONG);

    private final Gguf gguf;
    private final GgufFamily family;
    private final int heads;
    private final int kvHeads;
    private final WeightType type;

    FolderWeights(Gguf gguf, GgufFamily family, int heads, int kvHeads, WeightType type) {
        this.gguf = gguf;
        this.family = family;
        this.heads = heads;
        this.kvHeads = kvHeads;
        this.type = type;
    }

    /// @return every weight, in the order of the file
    /// @throws DataException if the family has no such tensor, or its type cannot be read
    List<Outgoing> tensors() {
        TensorNames names = new TensorNames(family);
        List<Outgoing> tensors = new ArrayList<>();
        for (GgufTensor tensor : gguf.tensors().values()) {
            if (!OF_CONFIG.contains(tensor.name())) {
                String name = names.folder(tensor.name()).orElseThrow(() -> new DataException(
                        gguf.file() + ": " + tensor.name(), "a tensor that the family %s has"
                        .formatted(family.architecture()), "another",
                        "the model computes something that this version does not"));
                tensors.add(outgoing(name, tensor));
            }
        }
        return tensors;
    }

    private Outgoing outgoing(String name, GgufTensor tensor) {
        TensorRows rows = gguf.rows(tensor.name());
        boolean plusOne = family.normsPlusOne() && name.endsWith("norm.weight");
        DType dtype = plusOne && type == WeightType.LOSSLESS ? DType.F32 : type.of(tensor.type());
        Optional<HeadRows> turned = turned(name, tensor);
        return new Outgoing(name, dtype, tensor.shape(), out -> write(rows, turned, plusOne, dtype, out));
    }

    /// Queries and keys of the families whose heads lie in pairs.
    private Optional<HeadRows> turned(String name, GgufTensor tensor) {
        int count = name.contains(".q_proj.") ? heads : name.contains(".k_proj.") ? kvHeads : 0;
        if (!family.headsInPairs() || count == 0) {
            return Optional.empty();
        }
        long rows = tensor.shape().getFirst();
        if (rows % (2L * count) != 0) {
            throw new DataException(gguf.file() + ": " + tensor.name(), "%s heads of an even width".formatted(count),
                    tensor.shape().toString(), "the file is damaged; fetch it again");
        }
        return Optional.of(new HeadRows((int) (rows / count)));
    }

    private static void write(TensorRows rows, Optional<HeadRows> turned, boolean plusOne, DType dtype,
            OutputStream out) throws IOException {
        int width = rows.width();
        float[] numbers = new float[width];
        float[] ordered = new float[width];
        ByteBuffer bytes = ByteBuffer.allocate(width * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        boolean vector = rows.tensor().shape().size() == 1;
        for (long row = 0; row < rows.tensor().rows(); row++) {
            long from = row;
            rows.read(vector ? row : turned.map(heads -> heads.inGguf(from)).orElse(row), numbers);
            float[] written = numbers;
            if (vector && turned.isPresent()) {
                for (int i = 0; i < width; i++) {
                    ordered[i] = numbers[(int) turned.get().inGguf(i)];
                }
                written = ordered;
            }
            if (plusOne) {
                for (int i = 0; i < width; i++) {
                    written[i] -= 1;
                }
            }
            if (dtype == DType.F16) {
                requireHalf(rows, written);
            }
            bytes.clear();
            Widening.narrow(dtype, FloatBuffer.wrap(written), bytes);
            out.write(bytes.array());
        }
    }

    private static void requireHalf(TensorRows rows, float[] numbers) {
        for (float number : numbers) {
            if (Float.isFinite(number) && Float.isInfinite(Float.float16ToFloat(Float.floatToFloat16(number)))) {
                throw new DataException(rows.tensor().name(), "numbers in the range of float16, up to 65504",
                        "" + number, "take --type bfloat16 or float32");
            }
        }
    }

    /// @return what torch calls the type of most numbers
    String torchName() {
        Map<DType, Long> numbers = new TreeMap<>();
        gguf.tensors().values().forEach(tensor ->
                numbers.merge(type.of(tensor.type()), tensor.rows() * tensor.width(), Long::sum));
        DType most = numbers.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey)
                .orElse(DType.F32);
        return most == DType.F16 ? "float16" : most == DType.BF16 ? "bfloat16" : "float32";
    }

    /// @return how many tensors of which type became what
    List<String> lines() {
        Map<String, Integer> counts = new TreeMap<>();
        gguf.tensors().values().stream().filter(tensor -> !OF_CONFIG.contains(tensor.name())).forEach(tensor ->
                counts.merge("%s as %s".formatted(tensor.type(), type.of(tensor.type())), 1, Integer::sum));
        return counts.entrySet().stream().map(entry -> entry.getValue() + " tensors of " + entry.getKey()).toList();
    }
}
