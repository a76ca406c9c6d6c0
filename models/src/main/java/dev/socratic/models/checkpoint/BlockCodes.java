package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.FloatType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Matrices in 4 bits as bitsandbytes saves them (NF4 and FP4): `W[k] = map[code(k)] largest[k / block]`, row after
/// row, rounded to the type the matrix had. Beside `X.weight`, uint8 `[out in / 2, 1]` with the first of two
/// neighbours in the high half, lie
///
/// - `X.weight.quant_map` `[16]`, what codes mean;
/// - `X.weight.absmax` `[blocks]`, float32, or uint8 where they are in 8 bits themselves: `largest[b] =
///   nested_map[absmax(b)] nested_absmax[b / nested_block] + offset`, with `X.weight.nested_quant_map` `[256]` and
///   `X.weight.nested_absmax`;
/// - `X.weight.quant_state.bitsandbytes__nf4` (or `__fp4`), JSON as bytes: shape, block, type, nested block and offset.
///
/// Source: Dettmers et al. 2023, arXiv:2305.14314; layout as `bitsandbytes.functional.QuantState.as_dict(packed=True)`
/// writes it.
///
/// @param states of each matrix, by the name of its weight
record BlockCodes(Map<String, State> states) implements StoredCodes {
    private static final String STATE = ".quant_state.bitsandbytes__";
    private static final int LEVELS = 16;
    private static final int NESTED_LEVELS = 256;
    private static final int LONGEST = 4096;

    BlockCodes {
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    }

    /// @param shape  `[out, in]`
    /// @param block  numbers that share a scale
    /// @param type   the matrix had
    /// @param nested scales that share theirs; empty where they are float32
    /// @param offset of scales
    record State(List<Long> shape, int block, FloatType type, Optional<Integer> nested, double offset) {
        long numbers() {
            return shape.getFirst() * shape.getLast();
        }

        long blocks() {
            return Math.ceilDiv(numbers(), (long) block);
        }
    }

    /// @param folder  of the checkpoint
    /// @param tensors of it
    /// @return its codes; empty where it has none of this kind
    /// @throws DataException if what is said of one is broken
    static Optional<StoredCodes> of(Path folder, Map<String, TensorInfo> tensors) {
        if (tensors.keySet().stream().noneMatch(name -> name.contains(STATE))) {
            return Optional.empty();
        }
        Map<String, State> states = new LinkedHashMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            for (String name : tensors.keySet()) {
                if (name.contains(STATE)) {
                    states.put(name.substring(0, name.indexOf(STATE)), state(folder + ": " + name, checkpoint, name));
                }
            }
        }
        return Optional.of(new BlockCodes(states));
    }

    private static State state(String place, Checkpoint checkpoint, String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonNode said = Json.mapper().missingNode();
        if (checkpoint.tensors().get(name).count() <= LONGEST) {
            checkpoint.file(name).blocks(name, block -> {
                while (block.hasRemaining()) {
                    bytes.write(block.get());
                }
            });
            try {
                said = Json.mapper().readTree(bytes.toString(StandardCharsets.UTF_8));
            } catch (JsonProcessingException broken) {
                said = Json.mapper().missingNode();
            }
        }
        JsonNode shape = said.path("shape");
        boolean nested = said.has("nested_blocksize");
        Optional<FloatType> type = FloatType.named(said.path("dtype").asText());
        boolean fits = shape.size() == 2 && shape.path(0).asLong(0) > 0 && shape.path(1).asLong(0) > 0
                && shape.path(0).asLong() * shape.path(1).asLong() <= Integer.MAX_VALUE
                && said.path("blocksize").asInt(0) > 0 && type.isPresent()
                && (!nested || said.path("nested_blocksize").asInt(0) > 0 && said.path("nested_offset").isNumber());
        if (!fits) {
            throw new DataException(place, "JSON with the shape of a matrix, blocksize, dtype and, of nested scales, "
                    + "nested_blocksize and nested_offset", "none", "fetch the weights again");
        }
        return new State(List.of(shape.path(0).asLong(), shape.path(1).asLong()), said.path("blocksize").asInt(),
                type.get(), nested ? Optional.of(said.path("nested_blocksize").asInt()) : Optional.empty(),
                said.path("nested_offset").asDouble(0));
    }

    @Override
    public Map<String, TensorInfo> meant(Map<String, TensorInfo> tensors) {
        Map<String, TensorInfo> all = new LinkedHashMap<>(tensors);
        states.forEach((weight, state) -> all.put(weight, new TensorInfo(weight, DType.F32, state.shape(), 0,
                Float.BYTES * state.numbers())));
        return all;
    }

    @Override
    public boolean beside(String name, Map<String, TensorInfo> tensors) {
        int state = name.indexOf(STATE);
        return state >= 0 || List.of(".absmax", ".quant_map", ".nested_absmax", ".nested_quant_map").stream()
                .anyMatch(end -> name.endsWith(end)
                        && states.containsKey(name.substring(0, name.length() - end.length())));
    }

    @Override
    public boolean means(String weight, Map<String, TensorInfo> tensors) {
        return states.containsKey(weight);
    }

    /// Of the codes themselves only their number is looked at when they are read: in their place stands what they mean.
    @Override
    public Optional<String> misfit(String weight, Map<String, TensorInfo> tensors) {
        State state = states.get(weight);
        boolean nested = state.nested().isPresent();
        if (!holds(tensors, weight + ".quant_map", DType.F32, LEVELS)) {
            return Optional.of("quant_map");
        }
        if (!holds(tensors, weight + ".absmax", nested ? DType.U8 : DType.F32, state.blocks())) {
            return Optional.of("absmax");
        }
        if (nested && !holds(tensors, weight + ".nested_quant_map", DType.F32, NESTED_LEVELS)) {
            return Optional.of("nested_quant_map");
        }
        return nested && !holds(tensors, weight + ".nested_absmax", DType.F32,
                Math.ceilDiv(state.blocks(), (long) state.nested().get())) ? Optional.of("nested_absmax")
                : Optional.empty();
    }

    private static boolean holds(Map<String, TensorInfo> tensors, String name, DType type, long count) {
        TensorInfo there = tensors.get(name);
        return there != null && there.dtype() == type && there.count() == count;
    }

    @Override
    public NDArray read(Checkpoint checkpoint, String weight, NDManager manager) {
        State state = states.get(weight);
        TensorInfo stored = checkpoint.tensors().get(weight);
        if (stored.dtype() != DType.U8 || stored.count() != Math.ceilDiv(state.numbers(), 2L)) {
            throw new DataException(checkpoint.file(weight) + ": " + weight,
                    "uint8, two codes each of shape " + state.shape(),
                    "%s of shape %s".formatted(stored.dtype(), stored.shape()), "fetch the weights again");
        }
        try (NDManager scope = manager.newSubManager()) {
            byte[] codes = bytes(checkpoint, weight, scope);
            float[] map = checkpoint.read(weight + ".quant_map", scope).toFloatArray();
            float[] largest = largest(checkpoint, weight, state, scope);
            float[] numbers = new float[Math.toIntExact(state.numbers())];
            for (int k = 0; k < numbers.length; k++) {
                int code = k % 2 == 0 ? codes[k / 2] >> 4 & 15 : codes[k / 2] & 15;
                numbers[k] = (float) state.type().round(map[code] * largest[k / state.block()]);
            }
            return manager.create(numbers, new Shape(state.shape().getFirst(), state.shape().getLast()));
        }
    }

    private static float[] largest(Checkpoint checkpoint, String weight, State state, NDManager scope) {
        if (state.nested().isEmpty()) {
            return checkpoint.read(weight + ".absmax", scope).toFloatArray();
        }
        byte[] codes = bytes(checkpoint, weight + ".absmax", scope);
        float[] map = checkpoint.read(weight + ".nested_quant_map", scope).toFloatArray();
        float[] most = checkpoint.read(weight + ".nested_absmax", scope).toFloatArray();
        float[] largest = new float[codes.length];
        for (int b = 0; b < largest.length; b++) {
            largest[b] = map[codes[b] & 255] * most[b / state.nested().get()] + (float) state.offset();
        }
        return largest;
    }

    private static byte[] bytes(Checkpoint checkpoint, String name, NDManager scope) {
        return checkpoint.stored(name, scope).toByteArray();
    }
}
