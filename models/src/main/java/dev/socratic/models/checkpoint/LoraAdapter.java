package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A low-rank adapter in PEFT's layout: `adapter_config.json` and `adapter_model.safetensors`.
///
/// For a weight W of shape `[out, in]` it holds A `[rank, in]` and B `[out, rank]`; the adapted weight is `W + scale B
/// A`
/// with `scale = alpha / rank`. Where there is a magnitude m `[out]` too (DoRA), row i of that sum is stretched to the
/// length `m[i]`. Some rows of a table may be replaced, and whole tensors (trained heads, biases) take the place of the
/// base's. Sources: Hu et al. 2021, arXiv:2106.09685; Liu et al. 2024, arXiv:2402.09353.
public final class LoraAdapter implements AutoCloseable {
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String PICKLED = "adapter_model.bin";
    private static final String END = ".weight";

    private final Path file;
    private final LoraConfig config;
    private final Safetensors tensors;
    private final LoraTensors names;

    private LoraAdapter(Path file, LoraConfig config, Safetensors tensors, LoraTensors names) {
        this.file = file;
        this.config = config;
        this.tensors = tensors;
        this.names = names;
    }

    /// @throws DataException with everything that is missing, damaged or of a kind that cannot be merged
    public static LoraAdapter open(Path folder) {
        LoraConfig config = LoraConfig.read(folder);
        Path file = folder.resolve(WEIGHTS);
        if (!Files.exists(file) && Files.exists(folder.resolve(PICKLED))) {
            throw Pickles.refusal(folder.resolve(PICKLED));
        }
        Safetensors tensors = Safetensors.open(file);
        try {
            LoraTensors names = LoraTensors.of(file, config, tensors);
            return new LoraAdapter(file, config, tensors, names);
        } catch (RuntimeException broken) {
            tensors.close();
            throw broken;
        }
    }

    public LoraConfig config() {
        return config;
    }

    /// @return names of the base's weights that the adapter changes by factors
    public Set<String> adapted() {
        return new TreeSet<>(names.factors().keySet());
    }

    /// @return names of the base's weights that it replaces
    public Set<String> replaced() {
        return new TreeSet<>(names.replaced().keySet());
    }

    /// @return numbers the adapter holds
    public long parameters() {
        return tensors.tensors().values().stream().mapToLong(TensorInfo::count).sum();
    }

    Path file() {
        return file;
    }

    LoraTensors names() {
        return names;
    }

    /// @param tensor name in the adapter's file
    TensorInfo info(String tensor) {
        return tensors.tensors().get(tensor);
    }

    /// @param weight name of a weight of the base
    /// @return what is added to it, in the base's layout, float32, on `manager`; empty if it stays as it is
    public Optional<NDArray> delta(String weight, NDManager manager) {
        return names.factors().containsKey(weight) ? Optional.of(delta(weight, config.transposed(), manager))
                : Optional.empty();
    }

    private NDArray delta(String weight, boolean transposed, NDManager manager) {
        LoraTensors.Factors pair = names.factors().get(weight);
        try (NDManager scope = manager.newSubManager()) {
            NDArray a = tensors.read(pair.a(), scope); // [rank, in]
            NDArray b = tensors.read(pair.b(), scope); // [out, rank]
            String module = weight.substring(0, weight.length() - END.length());
            double scale = config.scale(module, Math.toIntExact(a.getShape().get(0)));
            NDArray product = b.matMul(a).mul((float) scale); // [out, in]
            NDArray delta = pair.embedding() || transposed ? product.transpose().duplicate() : product;
            delta.attach(manager);
            return delta;
        }
    }

    /// @param weight name of a weight of the base
    /// @return its factors, float32, on `manager`; empty if it stays as it is
    public Optional<Pair> factors(String weight, NDManager manager) {
        LoraTensors.Factors pair = names.factors().get(weight);
        return pair == null ? Optional.empty()
                : Optional.of(new Pair(tensors.read(pair.a(), manager), tensors.read(pair.b(), manager),
                        Optional.ofNullable(names.magnitudes().get(weight))
                                .map(rows -> tensors.read(rows, manager).flatten()), pair.embedding()));
    }

    /// @param weight name of a weight of the base that it replaces
    /// @return what stands in its place, float32, on `manager`
    public NDArray whole(String weight, NDManager manager) {
        return tensors.read(names.replaced().get(weight), manager);
    }

    /// @param modules that factors can stand beside, by the names of their weights
    /// @param weights of the base, and of a head that is the embedding, with their shapes
    /// @return why the adapter cannot stay beside its base but has to be merged into it; empty if it can
    public List<Problem> besides(Collection<String> modules, Map<String, Shape> weights) {
        List<Problem> problems = new ArrayList<>();
        String remedy = "merge it: socratic merge %s %s --out DIR".formatted(
                config.base().isEmpty() ? "BASE" : config.base(), file.getParent());
        String expected = "factors of linear modules of the base";
        names.replaced().forEach((name, tensor) -> {
            Shape shape = new Shape(info(tensor).shape().stream().mapToLong(Long::longValue).toArray());
            if (!shape.equals(weights.get(name))) {
                problems.add(problem(name, weights.containsKey(name)
                        ? "a tensor of shape %s, as the base has".formatted(weights.get(name))
                        : "a weight of the base", "one of shape " + shape, remedy));
            }
        });
        names.rows().keySet().forEach(name -> problems.add(problem(name, expected, "some rows of its own", remedy)));
        names.factors().keySet().stream().filter(name -> !modules.contains(name)).forEach(name ->
                problems.add(problem(name, expected, "factors of another module", remedy)));
        if (!config.besides().layers().isEmpty()) {
            problems.add(problem(LoraConfig.NAME, "the layers of the base", "layer_replication", remedy));
        }
        return Problem.firstOf(problems);
    }

    private Problem problem(String what, String expected, String got, String remedy) {
        return new Problem(file + ": " + what, expected, got, remedy);
    }

    /// @param weight     the adapter's name of a weight
    /// @param base       it as the adapter found it, float32; changed in place
    /// @param transposed whether the base keeps it as `[in, out]`
    /// @return it with the adapter
    NDArray adapted(String weight, NDArray base, boolean transposed) {
        try (NDManager scope = base.getManager().newSubManager()) {
            if (names.factors().containsKey(weight)) {
                base.addi(delta(weight, transposed, scope));
            }
            if (names.magnitudes().containsKey(weight)) {
                int along = transposed ? 0 : 1; // the axis of a row's numbers
                NDArray now = base.square().sum(new int[] {along}, true).sqrt(); // [out, 1], or [1, out]
                NDArray wanted = tensors.read(names.magnitudes().get(weight), scope).reshape(now.getShape());
                base.muli(wanted.div(now));
                now.close();
            }
            if (names.rows().containsKey(weight)) {
                NDArray rows = tensors.read(names.rows().get(weight), scope); // [rows, hidden]
                List<Integer> ids = names.rowsOf(weight, config);
                for (int i = 0; i < ids.size(); i++) {
                    base.set(new NDIndex(ids.get(i)), rows.get(i));
                }
            }
            return base;
        }
    }

    /// @return a tensor of the adapter as float32, on `manager`
    NDArray read(String tensor, NDManager manager) {
        return tensors.read(tensor, manager);
    }

    /// @return the very bytes of a tensor of the adapter, under another name
    Outgoing copied(String tensor, String name) {
        return Outgoing.copied(tensors, tensor).named(name);
    }

    /// Writes an adapter as PEFT reads it.
    ///
    /// @param factors by module (`model.layers.0.self_attn.q_proj`): A `[rank, in]` and B `[out, rank]`, float32
    public static void write(Path folder, LoraConfig config, Map<String, Pair> factors, DType dtype) {
        write(folder, config, factors, Map.of(), dtype);
    }

    /// @param whole weights of modules that were trained whole, by their names
    public static void write(Path folder, LoraConfig config, Map<String, Pair> factors, Map<String, NDArray> whole,
            DType dtype) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        whole.forEach((name, array) -> weights.put(LoraTensors.PREFIX + stored(name, factors.keySet()), array));
        factors.forEach((module, pair) -> {
            String of = LoraTensors.PREFIX + module + (pair.embedding() ? ".lora_embedding_" : ".lora_");
            String end = pair.embedding() ? "" : ".weight";
            weights.put(of + "A" + end, pair.a());
            weights.put(of + "B" + end, pair.b());
            pair.magnitude().ifPresent(rows ->
                    weights.put(LoraTensors.PREFIX + module + ".lora_magnitude_vector", rows));
        });
        AtomicFiles.write(folder.resolve(LoraConfig.NAME), config.write());
        SafetensorsWriter.write(folder.resolve(WEIGHTS), weights, dtype);
    }

    /// PEFT keeps a module with factors one name deeper.
    private static String stored(String name, Set<String> adapted) {
        String module = name.substring(0, name.lastIndexOf('.'));
        return adapted.contains(module) ? module + ".base_layer" + name.substring(module.length()) : name;
    }

    /// The two factors of a module.
    ///
    /// @param a         `[rank, in]`
    /// @param b         `[out, rank]`
    /// @param magnitude lengths of the rows, `[out]`, of DoRA
    /// @param embedding whether rows of the module are looked up: a is `[rank, vocab]`, b `[hidden, rank]`
    public record Pair(NDArray a, NDArray b, Optional<NDArray> magnitude, boolean embedding) {
        public Pair(NDArray a, NDArray b) {
            this(a, b, Optional.empty(), false);
        }
    }

    @Override
    public void close() {
        tensors.close();
    }
}
