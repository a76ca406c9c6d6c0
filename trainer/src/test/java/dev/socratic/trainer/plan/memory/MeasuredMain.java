package dev.socratic.trainer.plan.memory;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.StudentStart;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// Trains as configs say, one after the other, in a process of its own, and prints what was foretold and what it took:
/// `MeasuredMain WARM_UP CONFIG...`. The first config is a training of next to nothing, after which the process takes
/// what it takes besides arrays.
public final class MeasuredMain {
    private static final Path RESET = Path.of("/proc/self/clear_refs");

    private MeasuredMain() {}

    public static void main(String[] args) throws Exception {
        train(Path.of(args[0]));
        System.gc();
        long process = status("VmRSS:");
        for (int i = 1; i < args.length; i++) {
            Path file = Path.of(args[i]);
            MemoryNeed need = memory(file, process).peak();
            if (System.getProperty("moments") != null) {
                memory(file, process).moments().forEach(System.out::println);
            }
            Files.writeString(RESET, "5");
            train(file);
            System.out.printf("%s %s %s %s%n", need.total(), status("VmHWM:"), process, need);
            System.gc();
        }
    }

    private static TrainingMemory memory(Path file, long process) {
        TrainConfig config = ConfigReader.read(file, TrainConfig.class);
        Objective objective = Objective.named(config.objective());
        List<ModelConfig> teachers = config.store().isEmpty() && objective.needsTeacher()
                ? config.teacherFolder().stream().map(ModelConfig::read).toList() : List.of();
        Path student = switch (config.student()) {
            case StudentStart.Architecture shape -> shape.path();
            case StudentStart.Folder folder -> folder.path();
            case StudentStart.Random ignored -> config.teacherFolder().orElseThrow();
            case StudentStart.Earlier earlier -> throw earlier.unknown();
            case StudentStart.LayersOf layers -> layers.path();
        };
        Compute compute = config.precision().map(Compute.CPU::in).orElse(Compute.CPU);
        return new TrainingMemory(config, objective, ModelConfig.read(student), teachers, compute,
                config.teacherPrecision().map(compute::in).orElse(compute), process);
    }

    private static void train(Path file) throws IOException {
        Path folder = Files.createDirectories(file.resolveSibling("run_" + System.nanoTime()));
        TrainConfig config = ConfigReader.read(file, TrainConfig.class);
        TrainStage.run(config, new StageContext(folder, Progress.SILENT, Clock.systemUTC(), 1), Compute.CPU);
    }

    private static long status(String name) throws IOException {
        return Files.readString(Path.of("/proc/self/status")).lines().filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).findFirst().orElseThrow();
    }
}
