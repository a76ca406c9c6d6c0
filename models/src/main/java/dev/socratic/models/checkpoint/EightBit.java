package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.FloatType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Weights that a checkpoint keeps in 8 bits, `X.weight` of type F8 or I8, and beside them the scale they are
/// multiplied with:
///
/// - `X.weight_scale_inv` `[ceil(out / rows), ceil(in / columns)]`, one number a block of `weight_block_size`
///   (DeepSeek-V3 and Qwen's FP8 files; in spite of its name it multiplies);
/// - `X.weight_scale`, one number, one a row as `[out]` or `[out, 1]`, or one a block as above (compressed-tensors,
///   ModelOpt, FBGEMM);
/// - `X.SCB` `[out]`, 127 times the scale of a row (bitsandbytes; Dettmers et al. 2022, arXiv:2208.07339).
///
/// They are read as float32, weight times scale. Scales of activations and of caches are passed over: here both are
/// float32. F8 without any scale in the whole checkpoint and without a word about it in the config was only rounded,
/// and is read as it is.
///
/// Codes of which several lie in 32 bits are [PackedCodes], those of 4 bits in blocks [BlockCodes].
///
/// @param method  `quantization_config.quant_method`; empty where the config has none
/// @param blocks  rows and columns of a block
/// @param tensors of the checkpoint, and the matrices that its packed codes mean
/// @param packed  how these lie, where there are any
public record EightBit(String method, Optional<List<Integer>> blocks, Map<String, TensorInfo> tensors,
        Optional<StoredCodes> packed) {
    private static final String WEIGHT = ".weight";
    private static final String BLOCK = ".weight_scale_inv";
    private static final String SCALE = ".weight_scale";
    private static final String ROWS = ".SCB";
    private static final String ZERO_POINT = ".weight_zero_point";
    private static final List<String> SCALES = List.of(BLOCK, SCALE, ROWS);
    /// What concerns activations, caches and layout, and what is named with the weight it shifts.
    private static final List<String> PASSED_OVER = List.of(".input_scale", ".input_scale_ub", ".input_zero_point",
            ".output_scale",
            ".activation_scale", ".q_scale", ".k_scale", ".v_scale", ".weight_format", ZERO_POINT);
    private static final String REMEDY = "take the model before it was quantised";

    /// @param folder  of the model; its `config.json` says how blocks are cut
    /// @param tensors of the checkpoint
    public static EightBit of(Path folder, Map<String, TensorInfo> tensors) {
        Path file = folder.resolve("config.json");
        JsonNode said = Files.exists(file) ? PublishedJson.read(file).path("quantization_config")
                : Json.mapper().missingNode();
        JsonNode blocks = said.path("weight_block_size");
        for (JsonNode group : said.path("config_groups")) {
            JsonNode weights = group.path("weights");
            blocks = weights.path("block_structure").isArray() ? weights.path("block_structure") : blocks;
            if (weights.path("group_size").asInt(0) > 0) {
                blocks = Json.mapper().createArrayNode().add(1).add(weights.path("group_size").asInt());
            }
        }
        boolean given = blocks.size() == 2 && blocks.path(0).asInt(0) > 0 && blocks.path(1).asInt(0) > 0;
        Optional<StoredCodes> packed = PackedCodes.of(said).or(() -> BlockCodes.of(folder, tensors));
        return new EightBit(said.isObject() ? said.path("quant_method").asText("without a name") : "",
                given ? Optional.of(List.of(blocks.get(0).asInt(), blocks.get(1).asInt())) : Optional.empty(),
                packed.map(codes -> codes.meant(tensors)).orElse(tensors), packed);
    }

    /// @return whether there is anything to multiply with, or the config speaks of it
    public boolean scaled() {
        return !method.isEmpty()
                || tensors.keySet().stream().anyMatch(name -> SCALES.stream().anyMatch(name::endsWith));
    }

    /// @return whether a tensor belongs to the 8 bits of a weight, and is none itself
    public boolean beside(String name) {
        return SCALES.stream()
                .anyMatch(end -> name.endsWith(end)
                        && tensors.containsKey(name.substring(0, name.length() - end.length()) + WEIGHT))
                || PASSED_OVER.stream().anyMatch(name::endsWith)
                || packed.filter(codes -> codes.beside(name, tensors)).isPresent();
    }

    /// @param place  of the checkpoint
    /// @param weight one of its tensors, of the right shape
    /// @return why its numbers cannot be read as weights; empty where they can
    public Optional<Problem> refusal(String place, TensorInfo weight) {
        String at = place + ": " + weight.name();
        if (codes(weight).isPresent()) {
            return codes(weight).get().misfit(weight.name(), tensors).map(part -> new Problem(at,
                    "codes with scales and zeros of their groups, as %s writes them".formatted(method),
                    "no fitting " + part, REMEDY));
        }
        if (!eightBits(weight)) {
            return weight.dtype().readable()
                    ? Optional.empty()
                    : Optional.of(
                            new Problem(at, "F32, F16, BF16, or 8 bits with a scale", weight.dtype().name(), REMEDY));
        }
        Optional<TensorInfo> scale = scale(weight);
        if (scale.isEmpty()) {
            return weight.dtype() == DType.I8 || scaled()
                    ? Optional.of(
                            new Problem(at, "a scale for its 8 bits, %s".formatted(stem(weight) + SCALE), "none",
                                    "fetch the weights again, or " + REMEDY))
                    : Optional.empty();
        }
        if (tensors.containsKey(stem(weight) + ZERO_POINT)) {
            return Optional.of(new Problem(at, "8 bits counted from 0", "a weight_zero_point", REMEDY));
        }
        TensorInfo info = scale.get();
        if (!info.dtype().readable() || block(weight.shape(), info.shape()).isEmpty()) {
            return Optional.of(
                    new Problem(place + ": " + info.name(),
                            "one number, one a row, or one a block of weight_block_size, for a weight of shape "
                                    + weight.shape(),
                    "%s of shape %s".formatted(info.dtype(), info.shape()), REMEDY));
        }
        return Optional.empty();
    }

    /// @param name of a tensor that is not refused
    /// @param type it is wanted in; a scale multiplies in float32 before
    /// @return of that type, on `manager`
    public NDArray read(Checkpoint checkpoint, String name, FloatType type, NDManager manager) {
        TensorInfo weight = tensors.get(name);
        if (codes(weight).isPresent()) {
            NDArray numbers = codes(weight).get().read(checkpoint, name, manager);
            NDArray rounded = checkpoint.rounded(numbers, type);
            rounded.attach(manager);
            return rounded;
        }
        Optional<TensorInfo> scale = eightBits(weight) ? scale(weight) : Optional.empty();
        if (scale.isEmpty()) {
            return checkpoint.read(name, type, manager);
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray numbers = weight.dtype() == DType.I8
                    ? checkpoint.stored(name, scope).toType(DataType.FLOAT32, true)
                    : checkpoint.read(name, scope);
            NDArray factors = checkpoint.read(scale.get().name(), scope);
            if (scale.get().name().endsWith(ROWS)) {
                factors = factors.div(127);
            }
            // [out, in]
            numbers.muli(spread(factors, weight.shape(), block(weight.shape(), scale.get().shape()).orElseThrow()));
            NDArray rounded = checkpoint.rounded(numbers, type);
            rounded.attach(manager);
            return rounded;
        }
    }

    /// @return a factor for every number, or factors that broadcast
    private static NDArray spread(NDArray factors, List<Long> shape, List<Long> block) {
        if (factors.size() == 1) {
            return factors.reshape(1);
        }
        // [rows / block, columns / block]
        NDArray grid = factors.reshape(factors.getShape().get(0), factors.size() / factors.getShape().get(0));
        // [rows, columns / block]
        NDArray tall = block.getFirst() == 1 ? grid : grid.repeat(0, block.getFirst()).get("0:" + shape.getFirst());
        // [rows, columns]
        return grid.getShape().get(1) == 1 ? tall : tall.repeat(1, block.getLast()).get(":, 0:" + shape.getLast());
    }

    /// @return rows and columns that one factor is for; empty if the shapes do not belong together
    private Optional<List<Long>> block(List<Long> weight, List<Long> scale) {
        if (weight.size() != 2) {
            return Optional.empty();
        }
        long rows = weight.getFirst();
        long columns = weight.getLast();
        if (scale.stream().allMatch(axis -> axis == 1)) {
            return Optional.of(List.of(rows, columns));
        }
        if (scale.getFirst() == rows && (scale.size() == 1 || scale.size() == 2 && scale.getLast() == 1)) {
            return Optional.of(List.of(1L, columns));
        }
        List<Integer> cut = blocks.orElse(List.of(128, 128));
        return scale.size() == 2 && scale.getFirst() == Math.ceilDiv(rows, (long) cut.getFirst())
                && scale.getLast() == Math.ceilDiv(columns, (long) cut.getLast())
                ? Optional.of(List.of((long) cut.getFirst(), (long) cut.getLast()))
                : Optional.empty();
    }

    private Optional<StoredCodes> codes(TensorInfo weight) {
        return packed.filter(codes -> weight.name().endsWith(WEIGHT) && codes.means(weight.name(), tensors));
    }

    private static boolean eightBits(TensorInfo tensor) {
        return tensor.dtype() == DType.F8_E4M3 || tensor.dtype() == DType.F8_E5M2 || tensor.dtype() == DType.I8;
    }

    private Optional<TensorInfo> scale(TensorInfo weight) {
        return SCALES.stream().map(end -> stem(weight) + end).filter(tensors::containsKey).map(tensors::get)
                .findFirst();
    }

    private static String stem(TensorInfo weight) {
        String name = weight.name();
        return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
    }
}
