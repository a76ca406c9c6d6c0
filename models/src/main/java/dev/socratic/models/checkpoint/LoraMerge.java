package dev.socratic.models.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Base and adapter as one ordinary model folder. One tensor is in memory at a time, so the base may be larger than that.
///
/// Sums are float32 and rounded once, to the base's own type; tensors the adapter does not touch keep every bit.
public final class LoraMerge {
    private LoraMerge() {}

    /// @param base    a model folder
    /// @param adapter an adapter folder
    /// @param out     gets the base's other files and the merged weights
    /// @throws DataException with everything that does not fit, before anything is written
    public static void merge(Path base, Path adapter, Path out) {
        if (out.toAbsolutePath().normalize().equals(base.toAbsolutePath().normalize())) {
            throw new DataException(out.toString(), "a folder of its own for the merged model", "the base's", "choose another folder");
        }
        try (Checkpoint weights = Checkpoint.open(base); LoraAdapter lora = LoraAdapter.open(adapter); NDManager manager = Engines.manager()) {
            Map<String, TensorInfo> tensors = weights.tensors();
            List<Problem> problems = new ArrayList<>(lora.misfits(tensors));
            Set<String> adapted = lora.adapted();
            tensors.values().stream()
                    .filter(tensor -> adapted.contains(tensor.name()) && !tensor.dtype().writable())
                    .forEach(tensor -> problems.add(new Problem(base + ": " + tensor.name(), "F32, F16 or BF16, to add an adapter to",
                            tensor.dtype().name(), "merge into the model before it was quantised")));
            if (!problems.isEmpty()) {
                throw new DataException(problems);
            }
            List<Outgoing> merged = new ArrayList<>();
            tensors.forEach((name, tensor) -> merged.add(lora.replacement(name).orElseGet(() -> adapted.contains(name)
                    ? Outgoing.made(name, tensor.dtype(), tensor.shape(), () -> sum(weights, lora, name, manager))
                    : Outgoing.copied(weights.file(name), name))));
            copyOthers(base, out);
            CheckpointWriter.write(out, merged, CheckpointWriter.SHARD_BYTES);
        }
    }

    private static NDArray sum(Checkpoint weights, LoraAdapter lora, String name, NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray sum = lora.adapted(name, weights.read(name, scope));
            sum.attach(manager);
            return sum;
        }
    }

    /// Config, tokenizer, template, card: everything of the base that is no weights.
    private static void copyOthers(Path base, Path out) {
        try (Stream<Path> list = Files.list(base)) {
            for (Path file : list.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".safetensors") && !name.equals(Checkpoint.INDEX) && !Pickles.named(file) && !name.startsWith(".")) {
                    AtomicFiles.write(out.resolve(name), stream -> Files.copy(file, stream));
                }
            }
        } catch (IOException failed) {
            throw IoProblems.reading(base, failed);
        }
    }
}
