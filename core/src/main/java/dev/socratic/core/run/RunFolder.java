package dev.socratic.core.run;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.FirstLine;
import dev.socratic.core.error.LimitException;
import dev.socratic.core.io.AtomicFiles;
import dev.socratic.core.io.FileLocks;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.run.StageDecision.Aside;
import dev.socratic.core.text.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A folder that holds one run: a folder a stage, `manifest.json`, and the rule by which stages are skipped or run
/// again.
///
/// Locked while it is open, so that two commands never work on one run at once. Not for use by several threads.
public final class RunFolder implements AutoCloseable {
    private static final String MANIFEST = "manifest.json";
    /// Everything the run ever asked a model: no stage's own, so that no change of a config moves it.
    private static final String ASKED = "asked";

    private final Path root;
    private final FileLocks lock;
    private final Superseded superseded;
    private Manifest manifest;

    private RunFolder(Path root, FileLocks lock, Manifest manifest) {
        this.root = root;
        this.lock = lock;
        this.superseded = new Superseded(root);
        this.manifest = manifest;
    }

    /// @param root is created if it is not there
    /// @throws dev.socratic.core.error.RetryLaterException if another command works on it
    /// @throws dev.socratic.core.error.DataException       if its manifest is damaged
    public static RunFolder open(Path root) {
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw IoProblems.writing(root, e);
        }
        FileLocks lock = FileLocks.take(root.resolve(".lock"), root);
        try {
            return new RunFolder(root, lock, Manifest.read(root.resolve(MANIFEST)));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /// @return the manifest as it is now
    public Manifest manifest() {
        return manifest;
    }

    /// @return a stage's own folder
    public Path folder(String stage) {
        return root.resolve(stage);
    }

    /// @return what [#run] would do; changes nothing
    public StageDecision decide(StagePlan plan) {
        return decide(plan, basis(plan));
    }

    /// Runs a stage if it has to, and keeps in the manifest how it went. Says on `progress` what it does and why.
    ///
    /// What the stage was before is set aside, and is in its place again when the new attempt ends with a problem of
    /// its config or data: a misspelt name costs nothing.
    ///
    /// @throws InterruptedException if the stage was interrupted; it goes on the next time
    public StageResult run(StagePlan plan, Progress progress, Clock clock, StageBody body) throws InterruptedException {
        String stage = plan.stage();
        Manifest.Basis basis = basis(plan);
        entry(stage).ifPresent(entry -> superseded.finish(stage, entry.basis()));
        StageDecision decision = decide(plan, basis);
        progress.note(decision.say(stage));
        return switch (decision) {
            case StageDecision.Skip skip -> result(plan, decision);
            case StageDecision.Fresh fresh -> {
                setAside(stage, StageFiles.setAside(root, stage), progress); // left by something that is in no manifest
                yield work(plan, basis, decision, progress, clock, body);
            }
            case StageDecision.Resume resume -> work(plan, basis, decision, progress, clock, body);
            case StageDecision.Back back -> {
                exchange(stage, basis, progress);
                yield run(plan, progress, clock, body);
            }
            case StageDecision.RunAgain again -> switch (again.aside()) {
                case Aside.Everything everything -> anew(plan, basis, decision, progress, clock, body);
                case Aside.Changed changed -> {
                    setAside(stage, StageFiles.setAside(root, stage, changed.names()), progress);
                    yield work(plan, basis, decision, progress, clock, body);
                }
            };
        };
    }

    /// Writes an output of a finished stage anew, and the manifest with it: something learned later belongs into it.
    ///
    /// @param name of a file the stage made
    public void rewrite(String stage, String name, String text) {
        Manifest.Stage entry = entry(stage)
                .filter(made -> made.outputs().containsKey(name))
                .orElseThrow(() -> new IllegalArgumentException(stage + " made no " + name));
        AtomicFiles.write(folder(stage).resolve(name), text);
        keep(stage, entry.with(name, Hashes.ofFile(folder(stage).resolve(name))));
    }

    private static void setAside(String stage, Optional<Path> place, Progress progress) {
        place.ifPresent(where -> progress.note(
                stage + ": what was there before lies in " + where + "; delete it when you need the room"));
    }

    /// Sets aside what is there and writes that the other is the stage now. Its files follow when the stage is begun,
    /// as they do after a kill.
    private void exchange(String stage, Manifest.Basis basis, Progress progress) {
        entry(stage).ifPresent(entry -> setAside(stage, superseded.put(stage, entry), progress));
        keep(stage, superseded.find(stage, basis).orElseThrow());
    }

    private void prune(String stage, Progress progress) {
        boolean booked = manifest.spent().map(spent -> spent.containsKey(stage)).orElse(false);
        List<Path> removed = superseded.prune(stage, booked);
        if (!removed.isEmpty()) {
            progress.note("%s: of what it was before the newest %s are kept; removed: %s".formatted(
                    stage, Superseded.KEPT, removed.stream().map(Path::toString).collect(Collectors.joining(", "))));
        }
    }

    private StageResult anew(
            StagePlan plan, Manifest.Basis basis, StageDecision decision, Progress progress, Clock clock,
            StageBody body)
            throws InterruptedException {
        String stage = plan.stage();
        Manifest.Stage before = entry(stage).orElseThrow();
        Optional<Path> aside = superseded.put(stage, before);
        prune(stage, progress);
        setAside(stage, aside, progress);
        try {
            return work(plan, basis, decision, progress, clock, body);
        } catch (ConfigException | DataException | LimitException e) {
            if (aside.isPresent()) {
                putBack(stage, before, progress, e);
            }
            throw e;
        }
    }

    /// The disk may be full: then the problem that matters is the first one.
    private void putBack(String stage, Manifest.Stage before, Progress progress, RuntimeException cause) {
        try {
            Optional<Path> attempt = superseded.put(stage, entry(stage).orElseThrow());
            keep(stage, before);
            superseded.take(stage, before.basis());
            progress.note(stage + ": what was there before is in its place again"
                    + attempt.map(place -> "; what this attempt left lies in " + place).orElse(""));
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private Optional<Manifest.Stage> entry(String stage) {
        return Optional.ofNullable(manifest.stages().get(stage));
    }

    private StageResult work(
            StagePlan plan, Manifest.Basis basis, StageDecision decision, Progress progress, Clock clock,
            StageBody body)
            throws InterruptedException {
        Path folder = folder(plan.stage());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        }
        Optional<Manifest.Stage> before =
                entry(plan.stage()).filter(entry -> entry.basis().hash().equals(basis.hash()));
        Manifest.Stage running = Manifest.Stage.running(plan, basis, clock.instant().toString(), before);
        keep(plan.stage(), running);
        PeakMemory.reset();
        long began = System.nanoTime(); // a clock on the wall may jump
        try {
            StageReport report = body.run(context(plan, running, progress, clock));
            Manifest.Work work = worked(began, clock);
            keep(plan.stage(), running.ended(report, StageFiles.outputs(folder), work));
        } catch (InterruptedException e) {
            keepFailure(plan.stage(), running.failed("interrupted", worked(began, clock)), e);
            throw e;
        } catch (RuntimeException | Error e) {
            String what = FirstLine.of(e);
            keepFailure(plan.stage(), running.failed(what, worked(began, clock)), e);
            throw e;
        }
        return result(plan, decision);
    }

    private StageContext context(StagePlan plan, Manifest.Stage running, Progress progress, Clock clock) {
        StageContext.Run run = new StageContext.Run(
                plan.stage(), root.resolve(ASKED), Instant.parse(running.first().orElseThrow()),
                usage -> spent(plan.stage(), usage));
        return new StageContext(folder(plan.stage()), progress, clock, plan.threads(), run);
    }

    private void spent(String stage, Usage usage) {
        manifest = manifest.withSpent(stage, usage);
        manifest.write(root.resolve(MANIFEST));
    }

    private static Manifest.Work worked(long began, Clock clock) {
        return new Manifest.Work(clock.instant().toString(), (System.nanoTime() - began) / 1e9, PeakMemory.megabytes());
    }

    private StageResult result(StagePlan plan, StageDecision decision) {
        Manifest.Stage stage = manifest.stages().get(plan.stage());
        Duration took = Duration.between(Instant.parse(stage.started()), Instant.parse(stage.ended().orElseThrow()));
        return new StageResult(decision, stage.report().orElseThrow(), took);
    }

    private void keep(String stage, Manifest.Stage entry) {
        manifest = manifest.with(stage, entry);
        manifest.write(root.resolve(MANIFEST));
    }

    /// The disk may be full: then the problem that matters is the first one.
    private void keepFailure(String stage, Manifest.Stage entry, Throwable cause) {
        try {
            keep(stage, entry);
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private StageDecision decide(StagePlan plan, Manifest.Basis now) {
        Optional<Manifest.Stage> before = entry(plan.stage());
        if (before.isEmpty()) {
            return superseded.find(plan.stage(), now).isPresent()
                    ? new StageDecision.Back(List.of("it is in no manifest any more"))
                    : new StageDecision.Fresh();
        }
        Manifest.Stage stage = before.get();
        List<String> reasons = Differences.between(plan.stage(), stage.basis(), now);
        if (!reasons.isEmpty()) {
            return superseded.find(plan.stage(), now).isPresent()
                    ? new StageDecision.Back(reasons)
                    : new StageDecision.RunAgain(reasons, new Aside.Everything());
        }
        return switch (stage.state()) {
            case RUNNING -> new StageDecision.Resume("the last run was stopped");
            case FAILED -> new StageDecision.Resume("the last run ended with: " + stage.problem().orElse("a problem"));
            case INCOMPLETE ->
                new StageDecision.Resume("it is incomplete: " + stage.problem().orElse("something is open"));
            case DONE -> outputs(plan.stage(), stage.outputs());
        };
    }

    private StageDecision outputs(String stage, SortedMap<String, String> then) {
        Path folder = folder(stage);
        SortedMap<String, String> now = Files.isDirectory(folder) ? StageFiles.outputs(folder) : new TreeMap<>();
        List<String> missing = then.keySet().stream().filter(name -> !now.containsKey(name)).toList();
        List<String> changed = then.keySet().stream()
                .filter(name -> now.containsKey(name) && !now.get(name).equals(then.get(name))).toList();
        return missing.isEmpty() && changed.isEmpty()
                ? new StageDecision.Skip()
                : new StageDecision.RunAgain(Differences.outputs(missing, changed), new Aside.Changed(changed));
    }

    private static Manifest.Basis basis(StagePlan plan) {
        SortedMap<String, String> inputs = new TreeMap<>();
        plan.inputs().forEach((name, path) -> inputs.put(name, Hashes.of(path)));
        return new Manifest.Basis(plan.config(), inputs, plan.codeVersion(), plan.seeds());
    }

    @Override
    public void close() {
        lock.close();
    }
}
