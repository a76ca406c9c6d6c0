package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.models.engine.Machine;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Says what Socratic found on this machine and whether the tensor engine works.
@Command(name = "doctor",
        description = "Java, processor, memory, and the tensor engine: what was found and whether it works.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("heap_limit_mb", Runtime.getRuntime().maxMemory() >> 20);
        Machine engine = Machine.look();
        facts.put("engine", engine.name() + " " + engine.version());
        facts.put("engine_library", engine.library());
        facts.put("engine_threads", engine.threads());
        facts.put("device", engine.device());
        facts.put("float32_gflops", Math.round(Machine.matrixPeak(1024, 5) / 1e9));
        facts.put("recipes",
                Path.of(System.getProperty("socratic.home", ".")).resolve("recipes").toFile().isDirectory()
                        ? "found"
                        : "not found: start through ./socratic");
        if (json) {
            console.json(facts);
        } else {
            facts.forEach((name, value) -> console.data(String.format(Locale.ROOT, "%-16s %s", name, value)));
        }
        return ExitCode.DONE;
    }
}
