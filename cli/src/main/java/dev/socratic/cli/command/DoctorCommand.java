package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.doctor.SelfTest;
import dev.socratic.cli.doctor.SelfTestTable;
import dev.socratic.cli.doctor.TemporaryFolder;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Machine;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says what Socratic found on this machine and whether the tensor engine works.
@Command(name = "doctor",
        description =
                "Java, processor, memory, and the tensor engine: what was looked for, what was found, whether it "
                        + "works.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Option(names = "--self-test", description = {
        "Every program, a training and an answer against the processor in float32, and how fast each number type is;",
        "a minute or two. Exit code 1 if anything is beyond its limit."})
    private boolean selfTest;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("heap_limit_mb", Runtime.getRuntime().maxMemory() >> 20);
        Compute where = compute.open(console);
        Machine engine = Machine.look(where);
        facts.put("engine", engine.name() + " " + engine.version());
        facts.put("engine_library", engine.library());
        facts.put("engine_origin", engine.origin());
        facts.put("engine_flavour", engine.flavour());
        facts.put("engine_threads", engine.threads());
        facts.put("nvidia_driver", engine.driver());
        facts.put("device", engine.device());
        long plain = gflops(where, FloatType.FLOAT32);
        long half = gflops(where, FloatType.BFLOAT16);
        facts.put("float32_gflops", plain);
        facts.put("bfloat16_gflops", half);
        facts.put("faster_dtype", half > plain ? "bfloat16" : "float32");
        facts.put("recipes",
                Path.of(System.getProperty("socratic.home", ".")).resolve("recipes").toFile().isDirectory()
                        ? "found"
                        : "not found: start through ./socratic");
        if (!json) {
            facts.forEach((name, value) -> console.data(String.format(Locale.ROOT, "%-16s %s", name, value)));
        }
        Optional<SelfTestTable> table = selfTest ? Optional.of(tested(where)) : Optional.empty();
        if (json) {
            table.ifPresent(found -> facts.put("self_test", found.json()));
            console.json(facts);
        } else {
            table.ifPresent(found -> found.lines().forEach(console::data));
        }
        return table.map(SelfTestTable::ok).orElse(true) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private SelfTestTable tested(Compute where) throws InterruptedException {
        try (TemporaryFolder folder = TemporaryFolder.make("socratic-doctor")) {
            SelfTest test = new SelfTest(folder.path(), step -> console.talk("self-test: " + step));
            List<FloatType> types = compute.typed() ? List.of(where.compute()) : List.of(FloatType.values());
            return new SelfTestTable(where.deviceName(), test.run(where, types), test.bandwidth(where));
        }
    }

    private static long gflops(Compute where, FloatType type) {
        return Math.round(Machine.matrixPeak(where, type, 1024, 5) / 1e9);
    }
}
