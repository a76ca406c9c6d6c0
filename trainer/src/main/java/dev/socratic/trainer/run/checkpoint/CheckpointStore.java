package dev.socratic.trainer.run.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import dev.socratic.trainer.logits.Checksums;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// Checkpoints of one run: `checkpoints/step_00000200/{weights,optimizer}.safetensors` and `state.json`, which has the
/// checksums of all three.
///
/// A checkpoint is written into a folder of another name, which is renamed when everything in it is durable: there is
/// no half one. The weights are float32 whatever type the student will be saved in, so that a run that goes on
/// computes what an undisturbed one does.
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

    /// A checkpoint that is damaged (its files have checksums) is put out of the way, and the one before it counts.
    ///
    /// @param notes told when one is damaged, and when checkpoints of another run were moved out of the way; they are
    ///              kept
    /// @return the newest whole checkpoint's state, if this run has one
    public Optional<TrainState> newest(Consumer<String> notes) {
        Optional<Saved> saved = Optional.empty();
        for (Optional<Path> newest = last(); newest.isPresent() && saved.isEmpty(); newest = last()) {
            Path path = newest.get();
            saved = whole(path);
            Optional<Path> best = saved.flatMap(one -> one.state().selection().best()).map(one -> of(one.step()))
                    .filter(one -> !one.equals(path) && whole(one).isEmpty());
            if (saved.isEmpty() || best.isPresent()) {
                discard(path, best.map(one -> "names %s as the best of the run, which is damaged,".formatted(
                        one.getFileName())).orElse("is damaged"), notes);
                saved = Optional.empty();
            }
        }
        if (saved.isPresent() && !saved.get().run().equals(run)) {
            Path old = folder.resolveSibling(folder.getFileName() + "_of_" + saved.get().run().substring(0, 8));
            try {
                delete(old);
                Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw IoProblems.writing(old, e);
            }
            notes.accept(("%s: checkpoints of a run with another config, data, start, threads, device or "
                    + "dtype; kept as %s, "
                    + "training begins anew").formatted(folder, old.getFileName()));
            return Optional.empty();
        }
        return saved.map(Saved::state);
    }

    /// @return what the checkpoint says, if all of it is as it was written
    private static Optional<Saved> whole(Path path) {
        try {
            Saved saved = Json.read(path.resolve(STATE), Saved.class);
            boolean whole = saved.run() != null && saved.state() != null && saved.checksums() != null
                    && saved.own() == saved.sum() && saved.checksums().equals(checksums(path));
            return whole ? Optional.of(saved) : Optional.empty();
        } catch (SocraticException unreadable) {
            return Optional.empty();
        }
    }

    private static SortedMap<String, Long> checksums(Path path) {
        return new TreeMap<>(Map.of(WEIGHTS, Checksums.ofFile(path.resolve(WEIGHTS)), OPTIMIZER,
                Checksums.ofFile(path.resolve(OPTIMIZER))));
    }

    /// @param why it does not count
    private void discard(Path path, String why, Consumer<String> notes) {
        Path aside = folder.resolve("damaged_" + path.getFileName());
        try {
            delete(aside);
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw IoProblems.writing(aside, e);
        }
        notes.accept("%s %s and was put aside as %s; %s".formatted(path, why, aside.getFileName(),
                last().map(before -> "training goes on from " + before.getFileName())
                        .orElse("there is none before it, training begins anew")));
    }

    /// Puts what the newest checkpoint holds into these arrays; does nothing where there is none.
    ///
    /// @param manager of what the reading takes
    public void restore(Map<String, NDArray> weights, Map<String, NDArray> optimizer, NDManager manager) {
        last().ifPresent(path -> {
            ArrayFiles.read(path.resolve(WEIGHTS), weights, manager);
            ArrayFiles.read(path.resolve(OPTIMIZER), optimizer, manager);
        });
    }

    /// Puts what an earlier checkpoint holds into these arrays.
    ///
    /// @param step that is the best of the run
    /// @throws DataException if it is not as it was written
    public void restoreBest(long step, Map<String, NDArray> weights, Map<String, NDArray> optimizer,
            NDManager manager) {
        Path path = of(step);
        if (whole(path).isEmpty()) {
            throw new DataException(path.toString(), "the best checkpoint of the run as it was written",
                    Files.exists(path) ? "a damaged one" : "none",
                    "run the same command: training goes on from a checkpoint before it");
        }
        ArrayFiles.read(path.resolve(WEIGHTS), weights, manager);
        ArrayFiles.read(path.resolve(OPTIMIZER), optimizer, manager);
    }

    private Path of(long step) {
        return folder.resolve(String.format(Locale.ROOT, "step_%08d", step));
    }

    /// Writes a checkpoint and deletes those that are too old, but for the best one of the run. Where it cannot be
    /// written (a full disk) what there is of it goes, so that its room is free again, and those before it stay.
    ///
    /// @throws RetryLaterException if the disk is full or failing, which says from where the run goes on
    public void save(TrainState state, Map<String, NDArray> weights, Map<String, NDArray> optimizer) {
        Path target = of(state.step());
        Path half = folder.resolve(".half");
        try {
            Files.createDirectories(folder);
            delete(half);
            Files.createDirectory(half);
            try {
                ArrayFiles.write(half.resolve(WEIGHTS), weights);
                ArrayFiles.write(half.resolve(OPTIMIZER), optimizer);
                AtomicFiles.write(half.resolve(STATE), Json.pretty(Saved.of(run, checksums(half), state)));
            } catch (RetryLaterException failed) {
                delete(half);
                throw new RetryLaterException(failed.problems().stream().map(this::withLast).toList(), failed);
            }
            delete(target);
            Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
            AtomicFiles.syncFolder(folder);
            List<Path> all = steps();
            Optional<Path> best = state.selection().best().map(one -> of(one.step()));
            for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
                if (best.filter(old::equals).isEmpty()) {
                    delete(old);
                }
            }
        } catch (IOException e) {
            throw IoProblems.writing(target, e);
        }
    }

    private Problem withLast(Problem problem) {
        return new Problem(problem.place(), problem.expected(), problem.got(), problem.remedy() + last()
                .map(whole -> ", behind " + whole.getFileName() + ", which is whole")
                .orElse("; there is no checkpoint yet, so it begins anew"));
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
    ///
    /// @param checksums CRC-32C of the two other files, by name
    /// @param own       CRC-32C of the rest of this one
    private record Saved(String run, SortedMap<String, Long> checksums, long own, TrainState state) {
        static Saved of(String run, SortedMap<String, Long> checksums, TrainState state) {
            return new Saved(run, checksums, new Saved(run, checksums, 0, state).sum(), state);
        }

        long sum() {
            byte[] content = Json.line(new Saved(run, checksums, 0, state)).getBytes(StandardCharsets.UTF_8);
            CRC32C crc = new CRC32C();
            crc.update(content);
            return crc.getValue();
        }
    }
}
