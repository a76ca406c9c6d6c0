package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.size.KnownShape;
import dev.socratic.cli.size.SizeReport;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.config.ByteSize;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.memory.ProcessMemory;
import dev.socratic.trainer.plan.memory.TrainingMemory;
import dev.socratic.trainer.run.prepare.TrainChecks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Which student, and which teacher, on what one has.
@Command(name = "size", mixinStandardHelpOptions = true, description = {
    "What a training would take of a device's memory, by component, and what to write where it does not fit.",
    "Nothing is loaded, and the device need not be there: it is arithmetic. Of some trainings on a processor it was",
    "held against measurements, with MALLOC_MMAP_THRESHOLD_=65536; without, glibc keeps memory that was given back, up",
    "to as much again. Of a GPU it was not measured. Exit code 1 where nothing fits."
})
final class SizeCommand implements Callable<Integer> {
    private static final String MODEL = "a folder, a config.json, or a shape: 0.5B, 8B, hidden=896,layers=24,...";

    private final Console console;

    @Option(names = "--student", paramLabel = "MODEL", required = true, description = "The student: " + MODEL)
    private String student;

    @Option(names = "--teacher", paramLabel = "MODEL", description = "A teacher in memory beside it: likewise.")
    private Optional<String> teacher = Optional.empty();

    @Option(names = "--memory", paramLabel = "SIZE",
            description = "Of the device, such as 16GB or 80GB (default: this machine's).")
    private Optional<String> memory = Optional.empty();

    @Option(names = "--memory-of", paramLabel = "DEVICE", description =
            "What that memory is of: cpu or cuda (default: what the config says, else cpu). It need not be there.")
    private Optional<String> device = Optional.empty();

    @Option(names = "--objective", paramLabel = "NAME|FILE",
            description = "What is trained towards (default: sft, with a teacher word_kd).")
    private Optional<String> objective = Optional.empty();

    @Option(names = "--precision", paramLabel = "TYPE", description =
            "Numbers that passes compute in, and teachers are held in: float32, bfloat16 or float16 (default: "
                    + "float32). What learns is float32.")
    private String precision = FloatType.FLOAT32.label();

    @Option(names = "--set", paramLabel = "PATH=VALUE", description =
            "A key of the training's config, such as max_seq=2048, micro_tokens=8192 or adapter={lora: {r: 16}}; "
                    + "repeatable.")
    private List<String> overrides = new java.util.ArrayList<>();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    SizeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SizeReport report = SizeReport.of(training(), memory.map(text -> ByteSize.of("--memory", text).bytes())
                .orElseGet(Engines::memory));
        if (json) {
            console.json(report.facts());
        } else {
            report.lines().forEach(console::data);
            if (memory.isPresent() && !report.training().onGpu()) {
                console.talk("reckoned for a processor; of a GPU write --memory-of cuda too");
            }
        }
        return report.fits() || report.fitting().isPresent() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private TrainingMemory training() {
        ModelConfig own = shape("--student", student);
        List<ModelConfig> taught = teacher.map(text -> shape("--teacher", text)).stream().toList();
        FloatType type = FloatType.named(precision).orElseThrow(() -> new ConfigException("--precision",
                Arrays.stream(FloatType.values()).map(FloatType::label).collect(Collectors.joining(", ")),
                "'" + precision + "'", "leave it out for float32"));
        String yaml = "student: {folder: {path: STUDENT}}\nbudget: {steps: {n: 1}}\nobjective: \"%s\"\n".formatted(
                objective.orElse(taught.isEmpty() ? "sft" : "word_kd"));
        TrainConfig written = ConfigReader.placed(yaml, "size", TrainConfig.class, Common.overrides(overrides)).value();
        int context = Math.min(own.context(), taught.stream().mapToInt(ModelConfig::context).min()
                .orElse(Integer.MAX_VALUE));
        TrainConfig config = written.maxSeq().isPresent() ? written
                : written.withMaxSeq(Math.min(written.microTokens(), context));
        Compute there = device.or(config::device).map(text -> Compute.planned(
                new Compute.Setting(device.isPresent() ? "--memory-of" : "device", text))).orElse(Compute.CPU);
        Compute compute = there.in(config.precision().orElse(type));
        List<Problem> problems = TrainChecks.ofCompute(config, compute);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new TrainingMemory(config, Objective.named(config.objective()), own, taught, compute,
                config.teacherPrecision().map(compute::in).orElse(compute), ProcessMemory.TYPICAL);
    }

    private ModelConfig shape(String place, String text) {
        Path path = Path.of(text);
        if (text.endsWith(".json") && Files.isRegularFile(path)) {
            return ModelConfig.read(path.toAbsolutePath().getParent());
        }
        Path folder = text.matches("[0-9.]+[MB]|.*=.*") ? path
                : new HubModels(console.environment(), console::talk).folder(path);
        return Files.isDirectory(folder) ? ModelConfig.read(folder) : KnownShape.of(place, text);
    }
}
