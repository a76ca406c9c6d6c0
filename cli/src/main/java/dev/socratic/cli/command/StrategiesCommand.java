package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.config.Keys;
import dev.socratic.core.config.Names;
import dev.socratic.generator.strategy.About;
import dev.socratic.generator.strategy.Strategy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What may stand under `generate.strategy`.
@Command(name = "strategies", description = "Every way to ask a teacher: what it does, what comes out, its keys.",
        mixinStandardHelpOptions = true)
final class StrategiesCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--keys", description = "Print the keys of each, with defaults.")
    private boolean keys;

    @Option(names = "--json", description = "One JSON array.")
    private boolean json;

    StrategiesCommand(Console console) {
        this.console = console;
    }

    /// @param name   in a recipe
    /// @param does   in one line
    /// @param gives  what comes out
    /// @param source where it comes from
    /// @param keys   of its config
    record Line(String name, String does, String gives, String source, List<Keys.Key> keys) {
        static Line of(Class<?> strategy) {
            About about = Strategy.about(strategy);
            return new Line(Names.snake(strategy.getSimpleName()), about.value(),
                    about.gives().name().toLowerCase(Locale.ROOT), about.source(), Keys.of(strategy, ""));
        }

        Map<String, Object> named() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("name", name);
            all.put("does", does);
            all.put("gives", gives);
            all.put("source", source);
            all.put("keys", keys);
            return all;
        }
    }

    @Override
    public Integer call() {
        List<Line> lines = Strategy.all().stream().map(Line::of).toList();
        if (json) {
            console.json(lines.stream().map(Line::named).toList());
            return ExitCode.DONE;
        }
        int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
        for (Line line : lines) {
            console.data(String.format(Locale.ROOT, "%-" + width + "s  %-9s  %s", line.name(), line.gives(),
                    line.does()));
            if (keys) {
                line.keys().forEach(key -> console.data(String.format(Locale.ROOT, "%" + width + "s    %s: %s%s", "",
                        key.path(), key.expected(),
                        key.fallback().isEmpty() ? "" : "  (default " + key.fallback() + ")")));
            }
        }
        return ExitCode.DONE;
    }
}
