package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A low-rank adapter in PEFT's layout: `adapter_config.json` and `adapter_model.safetensors`.
///
/// For a weight W of shape `[out, in]` it holds A `[rank, in]` and B `[out, rank]`; the adapted weight is `W + scale B A` with
/// `scale = alpha / rank`. Where there is a magnitude m `[out]` too (DoRA), row i of that sum is stretched to the length `m[i]`. Tensors that are
/// none of these (trained heads, biases) take the place of the base's.
/// Sources: Hu et al. 2021, arXiv:2106.09685; Liu et al. 2024, arXiv:2402.09353.
public final class LoraAdapter implements AutoCloseable {
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String PREFIX = "base_model.model.";
    private static final Pattern FACTOR =
            Pattern.compile("(.+)\\.lora_(embedding_)?([AB])(?:\\.default)?(?:\\.weight)?");
    private static final Pattern MAGNITUDE = Pattern.compile("(.+)\\.lora_magnitude_vector(?:\\.default)?(?:\\.weight)?");

    private final Path file;
    private final LoraConfig config;
    private final Safetensors tensors;
    private final Map<String, Factors> factors;
    private final Map<String, String> replaced;
    private final Map<String, String> magnitudes;

    /// @param a         name of A in the file
    /// @param b         name of B
    /// @param embedding whether they belong to an embedding, whose table is stored as `[in, out]`
    private record Factors(String a, String b, boolean embedding) {}

    private LoraAdapter(Path file, LoraConfig config, Safetensors tensors, Map<String, Factors> factors, Map<String, String> replaced,
            Map<String, String> magnitudes) {
        this.file = file;
        this.config = config;
        this.tensors = tensors;
        this.factors = factors;
        this.replaced = replaced;
        this.magnitudes = magnitudes;
    }

    /// @throws DataException with everything that is missing, damaged or of a kind that cannot be merged
    public static LoraAdapter open(Path folder) {
        LoraConfig config = LoraConfig.read(folder);
        Path file = folder.resolve(WEIGHTS);
        Safetensors tensors = Safetensors.open(file);
        try {
            return open(file, config, tensors);
        } catch (RuntimeException broken) {
            tensors.close();
            throw broken;
        }
    }

    private static LoraAdapter open(Path file, LoraConfig config, Safetensors tensors) {
        Map<String, String> a = new LinkedHashMap<>();
        Map<String, String> b = new LinkedHashMap<>();
        Set<String> embeddings = new TreeSet<>();
        Map<String, String> replaced = new LinkedHashMap<>();
        Map<String, String> magnitudes = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (String name : tensors.tensors().keySet()) {
            String plain = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
            Matcher factor = FACTOR.matcher(plain);
            Matcher magnitude = MAGNITUDE.matcher(plain);
            if (factor.matches()) {
                (factor.group(3).equals("A") ? a : b).put(factor.group(1), name);
                if (factor.group(2) != null) {
                    embeddings.add(factor.group(1));
                }
            } else if (magnitude.matches()) {
                magnitudes.put(magnitude.group(1) + ".weight", name);
            } else if (plain.contains("lora_")) {
                problems.add(new Problem(file + ": " + name, "a factor lora_A or lora_B, or a lora_magnitude_vector", "another kind", "merge the adapter with PEFT"));
            } else {
                replaced.put(plain.replace(".modules_to_save.default.", ".").replace(".modules_to_save.", "."), name);
            }
        }
        Map<String, Factors> factors = new LinkedHashMap<>();
        Set<String> modules = new TreeSet<>(a.keySet());
        modules.addAll(b.keySet());
        for (String module : modules) {
            if (!a.containsKey(module) || !b.containsKey(module)) {
                problems.add(new Problem(file + ": " + module, "both factors", "only one", "fetch the adapter again"));
                continue;
            }
            Factors pair = new Factors(a.get(module), b.get(module), embeddings.contains(module));
            factors.put(module + ".weight", pair);
            problems.addAll(shapes(file, module, config, tensors.tensors().get(pair.a()), tensors.tensors().get(pair.b())));
        }
        problems.addAll(rows(file, config, factors, magnitudes, tensors));
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        if (factors.isEmpty() && replaced.isEmpty()) {
            throw new DataException(file.toString(), "factors of a low-rank adapter", "none", "fetch the adapter again");
        }
        return new LoraAdapter(file, config, tensors, factors, replaced, magnitudes);
    }

    private static List<Problem> shapes(Path file, String module, LoraConfig config, TensorInfo a, TensorInfo b) {
        boolean matrices = a.shape().size() == 2 && b.shape().size() == 2;
        if (!matrices || !a.shape().getFirst().equals(b.shape().getLast()) || a.shape().getFirst() != config.rank(module)) {
            return List.of(
                    new Problem(file + ": " + module, "A [%s, in] and B [out, %1$s]".formatted(config.rank(module)),
                    "%s and %s".formatted(a.shape(), b.shape()), "adapter_config.json and the weights belong to different adapters"));
        }
        return a.dtype().readable() && b.dtype().readable() ? List.of() : List.of(new Problem(file + ": " + module, "floating-point factors",
                "%s and %s".formatted(a.dtype(), b.dtype()), "convert the adapter"));
    }

    /// Where the config promises lengths of rows, each pair of factors needs them, and nothing else has them.
    private static List<Problem> rows(Path file, LoraConfig config, Map<String, Factors> factors, Map<String, String> magnitudes, Safetensors tensors) {
        List<Problem> problems = new ArrayList<>();
        factors.forEach((weight, pair) -> {
            boolean there = magnitudes.containsKey(weight);
            if (there != config.rows() || there && pair.embedding()) {
                problems.add(new Problem(file + ": " + weight, pair.embedding() ? "an embedding without lora_magnitude_vector"
                        : config.rows() ? "a lora_magnitude_vector, for use_dora is true" : "no lora_magnitude_vector, for use_dora is not true",
                        there ? "one" : "none", pair.embedding() ? "merge the adapter with PEFT" : "fetch the adapter again"));
            } else if (there) {
                TensorInfo lengths = tensors.tensors().get(magnitudes.get(weight));
                long rows = tensors.tensors().get(pair.b()).shape().getFirst();
                if (lengths.count() != rows || !lengths.dtype().readable()) {
                    problems.add(new Problem(file + ": " + lengths.name(), "%s lengths of rows".formatted(rows),
                            "%s of shape %s".formatted(lengths.dtype(), lengths.shape()),
                            "fetch the adapter again"));
                }
            }
        });
        return problems;
    }

    public LoraConfig config() {
        return config;
    }

    /// @return names of the base's weights that the adapter changes by factors
    public Set<String> adapted() {
        return new TreeSet<>(factors.keySet());
    }

    /// @return names of the base's weights that it replaces
    public Set<String> replaced() {
        return new TreeSet<>(replaced.keySet());
    }

    /// @return numbers the adapter holds
    public long parameters() {
        return tensors.tensors().values().stream().mapToLong(TensorInfo::count).sum();
    }

    /// @param weight name of a weight of the base
    /// @return what is added to it, in the base's layout, float32, on `manager`; empty if it stays as it is
    public Optional<NDArray> delta(String weight, NDManager manager) {
        Factors pair = factors.get(weight);
        if (pair == null) {
            return Optional.empty();
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray a = tensors.read(pair.a(), scope); // [rank, in]
            NDArray b = tensors.read(pair.b(), scope); // [out, rank]
            String module = weight.substring(0, weight.length() - ".weight".length());
            double scale = config.scale(module, Math.toIntExact(a.getShape().get(0)));
            NDArray product = b.matMul(a).mul((float) scale); // [out, in]
            NDArray delta = pair.embedding() || config.transposed() ? product.transpose().duplicate() : product;
            delta.attach(manager);
            return Optional.of(delta);
        }
    }

    /// @param weight name of a weight of the base
    /// @param base   it, float32; changed in place
    /// @return it with the adapter
    NDArray adapted(String weight, NDArray base) {
        try (NDManager scope = base.getManager().newSubManager()) {
            base.addi(delta(weight, scope).orElseThrow());
            if (magnitudes.containsKey(weight)) {
                int along = config.transposed() ? 0 : 1; // the axis of a row's numbers
                NDArray now = base.square().sum(new int[] {along}, true).sqrt(); // [out, 1], or [1, out]
                NDArray wanted = tensors.read(magnitudes.get(weight), scope).reshape(now.getShape());
                base.muli(wanted.div(now));
                now.close();
            }
            return base;
        }
    }

    /// @return the tensor that takes the place of one of the base's
    Optional<Outgoing> replacement(String weight) {
        return Optional.ofNullable(replaced.get(weight)).map(name -> {
            Outgoing copied = Outgoing.copied(tensors, name);
            return new Outgoing(weight, copied.dtype(), copied.shape(), copied.body());
        });
    }

    /// @return everything in the adapter that the base has no place for
    List<Problem> misfits(Map<String, TensorInfo> base) {
        List<Problem> problems = new ArrayList<>();
        factors.forEach((weight, pair) -> {
            long in = tensors.tensors().get(pair.a()).shape().getLast();
            long out = tensors.tensors().get(pair.b()).shape().getFirst();
            List<Long> shape = pair.embedding() || config.transposed() ? List.of(in, out) : List.of(out, in);
            fits(problems, weight, shape, base);
        });
        replaced.forEach((weight, name) -> fits(problems, weight, tensors.tensors().get(name).shape(), base));
        // An adapter of another model fits nowhere: ten lines say so as well as a thousand.
        return problems.subList(0, Math.min(problems.size(), 10));
    }

    private void fits(List<Problem> problems, String weight, List<Long> shape, Map<String, TensorInfo> base) {
        TensorInfo there = base.get(weight);
        if (there == null || !there.shape().equals(shape)) {
            problems.add(new Problem(file + ": " + weight, "a base with such a weight of shape " + shape,
                    there == null ? "none" : there.shape().toString(), "give the model the adapter was trained on" + (config.base().isEmpty() ? "" : ": " + config.base())));
        }
    }

    /// Writes an adapter as PEFT reads it.
    ///
    /// @param factors by module (`model.layers.0.self_attn.q_proj`): A `[rank, in]` and B `[out, rank]`, float32
    public static void write(Path folder, LoraConfig config, Map<String, Pair> factors, DType dtype) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        factors.forEach((module, pair) -> {
            weights.put(PREFIX + module + ".lora_A.weight", pair.a());
            weights.put(PREFIX + module + ".lora_B.weight", pair.b());
        });
        AtomicFiles.write(folder.resolve(LoraConfig.NAME), config.write());
        SafetensorsWriter.write(folder.resolve(WEIGHTS), weights, dtype);
    }

    /// The two factors of a module.
    ///
    /// @param a `[rank, in]`
    /// @param b `[out, rank]`
    public record Pair(NDArray a, NDArray b) {}

    @Override
    public void close() {
        tensors.close();
    }
}
