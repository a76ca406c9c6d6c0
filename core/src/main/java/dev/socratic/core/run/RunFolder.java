package dev.socratic.core.run;

import dev.socratic.core.io.FileLocks;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.run.StageDecision.Aside;
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

/// A folder that holds one run: a folder a stage, `manifest.json`, and the rule by which stages are skipped or run again.
///
/// Locked while it is open, so that two commands never work on one run at once. Not for use by several threads.
public final class RunFolder implements AutoCloseable {
    private static final String MANIFEST = "manifest.json";

    private final Path root;
    private final FileLocks lock;
    private Manifest manifest;

    private RunFolder(Path root, FileLocks lock, Manifest manifest) {
        this.root = root;
        this.lock = lock;
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
    /// @throws InterruptedException if the stage was interrupted; it goes on the next time
    public StageResult run(StagePlan plan, Progress progress, Clock clock, StageBody body) throws InterruptedException {
        Manifest.Basis basis = basis(plan);
        StageDecision decision = decide(plan, basis);
        progress.note(decision.say(plan.stage()));
        return switch (decision) {
            case StageDecision.Skip skip -> result(plan, decision);
            case StageDecision.Fresh fresh -> {
                setAside(plan.stage(), new Aside.Everything(), progress); // left by something that is in no manifest
                yield work(plan, basis, decision, progress, clock, body);
            }
            case StageDecision.Resume resume -> work(plan, basis, decision, progress, clock, body);
            case StageDecision.RunAgain again -> {
                setAside(plan.stage(), again.aside(), progress);
                yield work(plan, basis, decision, progress, clock, body);
            }
        };
    }

    private void setAside(String stage, Aside what, Progress progress) {
        Optional<Path> aside = switch (what) {
            case Aside.Everything everything -> StageFiles.setAside(root, stage);
            case Aside.Changed changed -> StageFiles.setAside(root, stage, changed.names());
        };
        aside.ifPresent(place -> progress.note(stage + ": what was there before lies in " + place + "; delete it when you need the room"));
    }

    private StageResult work(StagePlan plan, Manifest.Basis basis, StageDecision decision, Progress progress, Clock clock, StageBody body)
            throws InterruptedException {
        Path folder = folder(plan.stage());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw IoProblems.writing(folder, e);
        }
        Manifest.Stage running = Manifest.Stage.running(plan, basis, clock.instant().toString());
        keep(plan.stage(), running);
        try {
            StageReport report = body.run(new StageContext(folder, progress, clock, plan.threads()));
            keep(plan.stage(), running.done(report, StageFiles.outputs(folder), clock.instant().toString()));
        } catch (InterruptedException e) {
            keepFailure(plan.stage(), running.failed("interrupted", clock.instant().toString()), e);
            throw e;
        } catch (RuntimeException | Error e) {
            String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().lines().findFirst().orElse("");
            keepFailure(plan.stage(), running.failed(what, clock.instant().toString()), e);
            throw e;
        }
        return result(plan, decision);
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
        Optional<Manifest.Stage> before = Optional.ofNullable(manifest.stages().get(plan.stage()));
        if (before.isEmpty()) {
            return new StageDecision.Fresh();
        }
        Manifest.Stage stage = before.get();
        List<String> reasons = Differences.between(plan.stage(), stage.basis(), now);
        if (!reasons.isEmpty()) {
            return new StageDecision.RunAgain(reasons, new Aside.Everything());
        }
        return switch (stage.state()) {
            case RUNNING -> new StageDecision.Resume("the last run was stopped");
            case FAILED -> new StageDecision.Resume("the last run ended with: " + stage.problem().orElse("a problem"));
            case DONE -> outputs(plan.stage(), stage.outputs());
        };
    }

    private StageDecision outputs(String stage, SortedMap<String, String> then) {
        Path folder = folder(stage);
        SortedMap<String, String> now = Files.isDirectory(folder) ? StageFiles.outputs(folder) : new TreeMap<>();
        List<String> missing = then.keySet().stream().filter(name -> !now.containsKey(name)).toList();
        List<String> changed = then.keySet().stream().filter(name -> now.containsKey(name) && !now.get(name).equals(then.get(name))).toList();
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
