package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Json;
import dev.socratic.models.engine.Compute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Base and adapter as one ordinary model folder. One tensor is in memory at a time, so the base may be larger than
/// that.
///
/// Sums are float32 and rounded once, to the base's own type; tensors the adapter does not touch keep every bit.
public final class LoraMerge {
    private static final String CONFIG = "config.json";
    private static final float LARGEST_HALF = 65504;

    private LoraMerge() {}

    /// @param base    a model folder
    /// @param adapter an adapter folder
    /// @param out     gets the merged weights and the other files, of the adapter where it has its own, else of the
    ///                base
    /// @param compute where the sums are made, in float32
    /// @return what was taken from where, line by line
    /// @throws DataException with everything that does not fit, before anything is written
    public static List<String> merge(Path base, Path adapter, Path out, Compute compute) {
        for (Path from : List.of(base, adapter)) {
            if (out.toAbsolutePath().normalize().equals(from.toAbsolutePath().normalize())) {
                throw new DataException(out.toString(), "a folder of its own for the merged model",
                        from.equals(base) ? "the base's" : "the adapter's", "choose another folder");
            }
        }
        try (Checkpoint weights = Checkpoint.open(base); LoraAdapter lora = LoraAdapter.open(adapter);
                NDManager manager = compute.manager()) {
            JsonNode config = Files.exists(base.resolve(CONFIG)) ? PublishedJson.read(base.resolve(CONFIG))
                    : Json.mapper().createObjectNode();
            MergePlan plan = new MergePlan(base, config, weights.tensors(), lora);
            MergedFiles files = new MergedFiles(base, adapter);
            List<Problem> problems = new ArrayList<>(plan.problems());
            if (problems.isEmpty()) {
                files.problem(plan.vocabulary()).ifPresent(problems::add);
                problems.addAll(numbers(base, weights, manager));
            }
            if (!problems.isEmpty()) {
                throw new DataException(Problem.firstOf(problems));
            }
            Making making = new Making(weights, lora, plan, manager);
            CheckpointWriter.write(out, plan.steps().stream().map(making::tensor).toList(),
                    CheckpointWriter.SHARD_BYTES);
            return files.copy(out, plan.config().equals(config) ? Optional.empty() : Optional.of(plan.config()));
        }
    }

    private static List<Problem> numbers(Path base, Checkpoint weights, NDManager manager) {
        return weights.tensors().keySet().stream().filter(name -> !weights.file(name).finite(name, manager))
                .map(name -> Checkpoint.notFinite(base + ": " + name)).toList();
    }

    /// Makes one tensor after the other.
    private record Making(Checkpoint weights, LoraAdapter lora, MergePlan plan, NDManager manager) {
        Outgoing tensor(MergePlan.Step step) {
            boolean made = lora.names().factors().containsKey(step.as()) || lora.names().rows().containsKey(step.as());
            if (made) {
                return Outgoing.made(step.name(), step.from().dtype(), step.shape(), () -> sum(step));
            }
            return step.whole().map(whole -> lora.copied(whole.name(), step.name()))
                    .orElseGet(() -> Outgoing.copied(weights.file(step.from().name()), step.from().name())
                            .named(step.name()));
        }

        private NDArray sum(MergePlan.Step step) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray start = step.whole().map(whole -> lora.read(whole.name(), scope))
                        .orElseGet(() -> weights.read(step.from().name(), scope));
                NDArray sum = lora.adapted(step.as(), start, plan.transposed(step));
                boolean half = step.from().dtype() == DType.F16;
                if (!weights.finite(sum) || half && sum.abs().max().getFloat() > LARGEST_HALF) {
                    throw new DataException(lora.file() + ": " + step.as(),
                            "a sum of base and adapter in the range of %s"
                            .formatted(step.from().dtype()), "numbers beyond it",
                            "look at lora_alpha and the adapter's numbers; nothing was merged");
                }
                sum.attach(manager);
                return sum;
            }
        }
    }
}
