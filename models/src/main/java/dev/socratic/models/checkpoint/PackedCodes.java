package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.models.engine.FloatType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Matrices of few bits, several codes in each 32, and what they mean: `(code - zero) scale`, both of the group of
/// inputs that the number is in, rounded to the type of the scales as each tool does it itself.
///
/// - GPTQ (Frantar et al. 2022, arXiv:2210.17323), 4 or 8 bits: `qweight [in / per, out]`, `qzeros [groups, out /
///   per]`, which hold one less than the zero but in format `gptq_v2`, `scales [groups, out]`, `g_idx [in]` where
///   inputs were reordered;
/// - AWQ (Lin et al. 2023, arXiv:2306.00978), 4 bits, version GEMM: `qweight [in, out / 8]`, eight outputs in the order
///   0 2 4 6 1 3 5 7, `qzeros` likewise;
/// - compressed-tensors, format `pack-quantized`, 4 or 8 bits: `weight_packed [out, in / per]`, `weight_scale [out,
///   groups]`, zero in the middle of the codes.
///
/// @param layout of the codes
/// @param bits   of a code
/// @param more   what is added to a stored zero
record PackedCodes(Layout layout, int bits, int more) implements StoredCodes {
    private static final int[] AWQ_PLACES = {0, 4, 1, 5, 2, 6, 3, 7};

    enum Layout {
        GPTQ(".qweight", ".scales"),
        AWQ(".qweight", ".scales"),
        COMPRESSED(".weight_packed", ".weight_scale");

        private final String codes;
        private final String scales;

        Layout(String codes, String scales) {
            this.codes = codes;
            this.scales = scales;
        }
    }

    /// @param said `quantization_config`
    /// @return how its codes lie; empty where it says nothing of a layout that is known here
    static Optional<StoredCodes> of(JsonNode said) {
        String method = said.path("quant_method").asText("");
        int bits = said.path("bits").asInt(0);
        if (method.equals("gptq") && (bits == 4 || bits == 8)) {
            return Optional.of(new PackedCodes(Layout.GPTQ, bits,
                    said.path("checkpoint_format").asText("gptq").equals("gptq_v2") ? 0 : 1));
        }
        if (method.equals("awq") && bits == 4 && said.path("version").asText("gemm").equalsIgnoreCase("gemm")) {
            return Optional.of(new PackedCodes(Layout.AWQ, bits, 0));
        }
        if (method.equals("compressed-tensors") && said.path("format").asText("").equals("pack-quantized")) {
            for (JsonNode group : said.path("config_groups")) {
                JsonNode weights = group.path("weights");
                int each = weights.path("num_bits").asInt(0);
                if ((each == 4 || each == 8) && weights.path("symmetric").asBoolean(true)) {
                    return Optional.of(new PackedCodes(Layout.COMPRESSED, each, 0));
                }
            }
        }
        return Optional.empty();
    }

    private int per() {
        return Integer.SIZE / bits;
    }

    @Override
    public Map<String, TensorInfo> meant(Map<String, TensorInfo> tensors) {
        Map<String, TensorInfo> all = new LinkedHashMap<>(tensors);
        tensors.forEach((name, codes) -> {
            if (name.endsWith(layout.codes) && codes.dtype() == DType.I32 && codes.shape().size() == 2) {
                String stem = name.substring(0, name.length() - layout.codes.length());
                long rows = codes.shape().getFirst();
                long columns = codes.shape().getLast();
                List<Long> shape = switch (layout) {
                    case GPTQ -> List.of(columns, rows * per());
                    case AWQ -> List.of(columns * per(), rows);
                    case COMPRESSED -> List.of(rows, columns * per());
                };
                all.put(stem + ".weight", new TensorInfo(stem + ".weight", DType.F32, shape, 0,
                        Float.BYTES * shape.getFirst() * shape.getLast()));
            }
        });
        return all;
    }

    @Override
    public boolean beside(String name, Map<String, TensorInfo> tensors) {
        return List.of(".qweight", ".qzeros", ".scales", ".g_idx", ".weight_packed", ".weight_scale", ".weight_shape",
                ".weight_g_idx").stream().anyMatch(end -> name.endsWith(end)
                        && tensors.containsKey(name.substring(0, name.length() - end.length()) + layout.codes));
    }

    @Override
    public boolean means(String weight, Map<String, TensorInfo> tensors) {
        return tensors.containsKey(stem(weight) + layout.codes);
    }

    @Override
    public Optional<String> misfit(String weight, Map<String, TensorInfo> tensors) {
        List<Long> shape = tensors.get(weight).shape();
        TensorInfo scales = tensors.get(stem(weight) + layout.scales);
        boolean byRow = layout == Layout.COMPRESSED;
        if (scales == null || scales.shape().size() != 2 || !scales.dtype().readable()
                || !scales.shape().get(byRow ? 0 : 1).equals(shape.getFirst())
                || shape.getLast() % scales.shape().get(byRow ? 1 : 0) != 0) {
            return Optional.of(layout.scales.substring(1));
        }
        TensorInfo zeros = tensors.get(stem(weight) + ".qzeros");
        if (!byRow && (zeros == null || zeros.dtype() != DType.I32 || !zeros.shape().equals(
                List.of(scales.shape().getFirst(), shape.getFirst() / per())))) {
            return Optional.of("qzeros");
        }
        return byRow && tensors.containsKey(stem(weight) + ".weight_zero_point")
                ? Optional.of("weight_zero_point") : Optional.empty();
    }

    @Override
    public NDArray read(Checkpoint checkpoint, String weight, NDManager manager) {
        Map<String, TensorInfo> tensors = meant(checkpoint.tensors());
        String stem = stem(weight);
        List<Long> shape = tensors.get(weight).shape();
        int out = Math.toIntExact(shape.getFirst());
        int in = Math.toIntExact(shape.getLast());
        TensorInfo scales = tensors.get(stem + layout.scales);
        int groups = Math.toIntExact(scales.shape().get(layout == Layout.COMPRESSED ? 1 : 0));
        try (NDManager scope = manager.newSubManager()) {
            int[] codes = integers(checkpoint, stem + layout.codes, scope);
            int[] zeros = layout == Layout.COMPRESSED ? new int[0] : integers(checkpoint, stem + ".qzeros", scope);
            int[] group = tensors.containsKey(stem + ".g_idx") ? integers(checkpoint, stem + ".g_idx", scope)
                    : IntStream.range(0, in).map(i -> i / (in / groups)).toArray();
            float[] factors = checkpoint.read(scales.name(), scope).toFloatArray();
            FloatType type = type(scales.dtype());
            float[] numbers = new float[out * in];
            for (int o = 0; o < out; o++) {
                for (int i = 0; i < in; i++) {
                    float factor = layout == Layout.COMPRESSED ? factors[o * groups + group[i]]
                            : factors[group[i] * out + o];
                    int steps = code(codes, o, i, out, in) - zero(zeros, o, group[i], out);
                    numbers[o * in + i] = (float) type.round(steps * factor);
                }
            }
            return manager.create(numbers, new Shape(out, in));
        }
    }

    private int code(int[] codes, int o, int i, int out, int in) {
        return switch (layout) {
            case GPTQ -> part(codes[i / per() * out + o], i % per());
            case AWQ -> part(codes[i * (out / per()) + o / per()], AWQ_PLACES[o % per()]);
            case COMPRESSED -> part(codes[o * (in / per()) + i / per()], i % per());
        };
    }

    private int zero(int[] zeros, int o, int group, int out) {
        return switch (layout) {
            case GPTQ -> part(zeros[group * (out / per()) + o / per()], o % per()) + more;
            case AWQ -> part(zeros[group * (out / per()) + o / per()], AWQ_PLACES[o % per()]);
            case COMPRESSED -> 1 << bits - 1;
        };
    }

    private int part(int word, int place) {
        return word >>> bits * place & (1 << bits) - 1;
    }

    private static int[] integers(Checkpoint checkpoint, String name, NDManager scope) {
        return checkpoint.stored(name, scope).toType(DataType.INT32, true).toIntArray();
    }

    private static FloatType type(DType dtype) {
        return dtype == DType.F16 ? FloatType.FLOAT16 : dtype == DType.BF16 ? FloatType.BFLOAT16 : FloatType.FLOAT32;
    }

    private static String stem(String weight) {
        return weight.substring(0, weight.length() - ".weight".length());
    }
}
