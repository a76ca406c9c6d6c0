package dev.socratic.models.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads a model's weights from a checkpoint, after everything missing, of another shape, of an unreadable type or left over was looked for.
final class StoredWeights {
    private static final String OTHER = "the weights and config.json belong to different models";

    private final Path folder;
    private final Family family;
    private final Checkpoint checkpoint;
    private final Map<String, TensorInfo> tensors;

    StoredWeights(Path folder, Family family, Checkpoint checkpoint) {
        this.folder = folder;
        this.family = family;
        this.checkpoint = checkpoint;
        this.tensors = checkpoint.tensors();
    }

    /// @return the weights of the plan by name, in its order, float32
    /// @throws DataException with all problems
    Map<String, NDArray> read(List<WeightPlan.Entry> plan, NDManager manager) {
        List<Problem> problems = new ArrayList<>();
        plan.forEach(entry -> check(entry, problems));
        Set<String> known = plan.stream().map(entry -> stored(entry.name())).collect(Collectors.toSet());
        tensors.keySet().stream()
                .filter(name -> !known.contains(name) && !harmless(name))
                .forEach(name -> problems.add(new Problem(folder + ": " + name, "only tensors that a " + family.modelType() + " has", "this one",
                        "the model computes something that this version does not")));
        if (!problems.isEmpty()) {
            throw new DataException(problems);
        }
        Map<String, NDArray> weights = new LinkedHashMap<>();
        plan.forEach(entry -> weights.put(entry.name(), checkpoint.read(stored(entry.name()), manager)));
        return weights;
    }

    private void check(WeightPlan.Entry entry, List<Problem> problems) {
        TensorInfo tensor = tensors.get(stored(entry.name()));
        String place = folder + ": " + entry.name();
        if (tensor == null) {
            problems.add(new Problem(place, "a tensor of shape " + entry.shape(), "none", OTHER));
        } else if (!tensor.djlShape().equals(entry.shape())) {
            problems.add(new Problem(place, "shape " + entry.shape() + ", as config.json says", tensor.djlShape().toString(), OTHER));
        } else if (!tensor.dtype().readable()) {
            problems.add(new Problem(place, "F32, F16 or BF16", tensor.dtype().name(), "convert the weights"));
        }
    }

    /// Checkpoints of a bare body lack the first part of its names, as in `wte.weight` for `transformer.wte.weight`; very old ones call the
    /// weight and the bias of a norm gamma and beta.
    private String stored(String name) {
        String bare = name.substring(name.indexOf('.') + 1);
        String greek = name.replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma").replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta");
        return tensors.containsKey(name) ? name : tensors.containsKey(bare) ? bare : tensors.containsKey(greek) ? greek : name;
    }

    /// A head next to a tied embedding is a copy of it; old checkpoints keep the rope's frequencies and the causal mask, which follow from the
    /// config.
    private boolean harmless(String name) {
        return family.has(Part.HEAD) && name.equals(family.name(Part.HEAD) + ".weight") || name.endsWith(".rotary_emb.inv_freq")
                || family.ignored().stream().anyMatch(name::endsWith);
    }
}
