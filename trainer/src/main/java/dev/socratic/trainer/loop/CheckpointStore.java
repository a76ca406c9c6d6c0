package dev.socratic.trainer.loop;

import ai.djl.ndarray.NDArray;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Checkpoints of one run: `checkpoints/step_00000200/{weights,optimizer}.safetensors` and `state.json`.
///
/// A checkpoint is written into a folder of another name, which is renamed when everything in it is durable: there is no half one. The
/// weights are float32 whatever type the student will be saved in, so that a run that goes on computes what an undisturbed one does.
public final class CheckpointStore {
    private static final String WEIGHTS = "weights.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";

    private final Path folder;
    private final String run;
    private final int keep;

    /// @param folder `checkpoints` of the stage
    /// @param run    hash of everything the run depends on; checkpoints of another run are never gone on from
    /// @param keep   newest checkpoints kept
    public CheckpointStore(Path folder, String run, int keep) {
        this.folder = folder;
        this.run = run;
        this.keep = keep;
    }

    /// @param aside told when checkpoints of another run were moved out of the way; they are kept
    /// @return the newest checkpoint's state, if this run has one
    public Optional<TrainState> newest(Consumer<String> aside) {
        Optional<Saved> saved = last().map(path -> Json.read(path.resolve(STATE), Saved.class));
        if (saved.isPresent() && !saved.get().run().equals(run)) {
            Path old = folder.resolveSibling(folder.getFileName() + "_of_" + saved.get().run().substring(0, 8));
            try {
                delete(old);
                Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw IoProblems.writing(old, e);
            }
            aside.accept("%s: checkpoints of a run with another config, data, start or number of threads; kept as %s, training begins anew"
                    .formatted(folder, old.getFileName()));
            return Optional.empty();
        }
        return saved.map(Saved::state);
    }

    /// Puts what the newest checkpoint holds into these arrays; does nothing where there is none.
    void restore(ArrayFiles files, Map<String, NDArray> weights, Map<String, NDArray> optimizer) {
        last().ifPresent(path -> {
            files.read(path.resolve(WEIGHTS), weights);
            files.read(path.resolve(OPTIMIZER), optimizer);
        });
    }

    /// Writes a checkpoint and deletes those that are too old.
    void save(ArrayFiles files, TrainState state, Map<String, NDArray> weights, Map<String, NDArray> optimizer) {
        Path target = folder.resolve(String.format(Locale.ROOT, "step_%08d", state.step()));
        Path half = folder.resolve(".half");
        try {
            Files.createDirectories(folder);
            delete(half);
            Files.createDirectory(half);
            files.write(half.resolve(WEIGHTS), weights);
            files.write(half.resolve(OPTIMIZER), optimizer);
            AtomicFiles.write(half.resolve(STATE), Json.pretty(new Saved(run, state)));
            delete(target);
            Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
            AtomicFiles.syncFolder(folder);
            List<Path> all = steps();
            for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
                delete(old);
            }
        } catch (IOException e) {
            throw IoProblems.writing(target, e);
        }
    }

    private Optional<Path> last() {
        List<Path> all = steps();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// Oldest first.
    private List<Path> steps() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(path -> path.getFileName().toString().startsWith("step_"))
                    .filter(path -> Files.exists(path.resolve(STATE)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw IoProblems.reading(folder, e);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// `state.json`.
    private record Saved(String run, TrainState state) {}
}
