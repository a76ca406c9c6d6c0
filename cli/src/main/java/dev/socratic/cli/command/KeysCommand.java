package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.Capture;
import dev.socratic.cli.recipe.Evaluation;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.core.config.Keys;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.generator.GenerateConfig;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What may stand in a config.
@Command(
        name = "keys",
        description =
                "Every key of a recipe, or of one part of it, with what may stand there and its default; as "
                        + "--set takes them.",
        mixinStandardHelpOptions = true)
final class KeysCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "PART", arity = "0..1", description = "One of ${COMPLETION-CANDIDATES} (default: recipe).")
    private Optional<Part> part = Optional.empty();

    @Option(names = "--json", description = "One JSON array.")
    private boolean json;

    /// What is written into a file of its own.
    enum Part {
        RECIPE(Recipe.class),
        GENERATE(GenerateConfig.class),
        CURATE(CurateConfig.class),
        LOGITS(Capture.class),
        TRAIN(TrainConfig.class),
        EVAL(Evaluation.class),
        OBJECTIVE(Objective.class);

        private final Class<?> config;

        Part(Class<?> config) {
            this.config = config;
        }

        /// In help texts and messages.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    KeysCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Keys.Key> keys = Keys.of(part.orElse(Part.RECIPE).config, "");
        if (json) {
            console.json(keys);
            return ExitCode.DONE;
        }
        int width = Math.min(60, keys.stream().mapToInt(key -> key.path().length()).max().orElse(0));
        for (Keys.Key key : keys) {
            String fallback = key.fallback().isEmpty() ? "" : key.fallback().equals("optional") ? "  (optional)"
                    : "  (default " + key.fallback() + ")";
            console.data(String.format(Locale.ROOT, "%-" + width + "s  %s%s", key.path(), key.expected(), fallback));
        }
        return ExitCode.DONE;
    }
}
