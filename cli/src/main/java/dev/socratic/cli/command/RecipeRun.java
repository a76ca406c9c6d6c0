package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.console.Failures;
import dev.socratic.cli.recipe.Computes;
import dev.socratic.cli.recipe.Findings;
import dev.socratic.cli.recipe.Forecast;
import dev.socratic.cli.recipe.Pilot;
import dev.socratic.cli.recipe.PilotForecast;
import dev.socratic.cli.recipe.Preflight;
import dev.socratic.cli.recipe.Preview;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Runner;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.config.Places;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.run.Manifest;
import dev.socratic.eval.report.Report;
import dev.socratic.generator.GenerateConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What `run` and the commands of one stage share: everything is looked at first, then either told or run.
///
/// @param recipe  what to run
/// @param places  where its parts are written
/// @param root    the run's folder
/// @param stages  that may run
/// @param threads processor threads
/// @param computes where and in what numbers models run
/// @param partial whether stages go on with what an incomplete one before them has
record RecipeRun(Recipe recipe, Places places, Path root, Set<Stage> stages, int threads, Computes computes,
        boolean partial) {

    /// One that ends where a stage is incomplete.
    RecipeRun(Recipe recipe, Places places, Path root, Set<Stage> stages, int threads, Computes computes) {
        this(recipe, places, root, stages, threads, computes, false);
    }

    /// Looks, then runs.
    ///
    /// @return the exit code
    /// @throws dev.socratic.core.error.ConfigException with everything that is wrong, before anything is written or
    /// sent
    int run(Console console) throws InterruptedException {
        Findings findings = look(console, false);
        findings.require();
        findings.warnings().forEach(warning -> console.talk("socratic: " + warning));
        return new Runner(recipe, root, console, Clock.systemUTC(), threads, computes).partial(partial).run(stages);
    }

    /// Runs and tells what came of it.
    int told(Console console, boolean json) throws InterruptedException {
        Path summary = root.resolve(Report.SUMMARY);
        Optional<FileTime> before = written(summary);
        int code = run(console);
        // A run that ended before its report has only an earlier one's.
        boolean reported = stages.contains(Stage.REPORT) && !before.equals(written(summary));
        new Results(root, stages, reported).tell(console, json);
        return code;
    }

    private static Optional<FileTime> written(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.getLastModifiedTime(file)) : Optional.empty();
        } catch (IOException e) {
            throw IoProblems.reading(file, e);
        }
    }

    /// @return the same for one stage alone
    RecipeRun only(Stage stage) {
        return new RecipeRun(recipe, places, root, Set.of(stage), threads, computes);
    }

    /// @return the same for another recipe
    RecipeRun of(Recipe other) {
        return new RecipeRun(other, places, root, stages, threads, computes);
    }

    /// Prints the first prompts as they would be sent; sends nothing.
    int preview(Console console, GenerateConfig config, int most, boolean json) {
        look(console, true).require();
        List<Preview.Prompt> prompts = Preview.prompts(config, most);
        if (json) {
            console.json(Preview.json(prompts, List.of()));
        } else {
            show(console, prompts);
        }
        return ExitCode.DONE;
    }

    /// Asks the first questions, by a run of that many, and prints prompts and answers.
    int previewAnswers(Console console, GenerateConfig config, int most, boolean json) throws InterruptedException {
        int code = run(console);
        List<Preview.Prompt> prompts = Preview.prompts(config, most);
        List<Preview.Answer> answers = Preview.answers(root.resolve("generate"));
        if (json) {
            console.json(Preview.json(prompts, answers));
        } else {
            show(console, prompts);
            answers.forEach(answer -> {
                console.data("--- %s of question %s%s".formatted(answer.file(), answer.question(),
                        answer.reason().isEmpty() ? "" : ": " + answer.reason()));
                console.data(answer.text());
            });
        }
        return code;
    }

    /// Asks the questions of this run, and foretells what all of them take.
    ///
    /// @param config of the whole generation
    int pilot(Console console, GenerateConfig config, Optional<Path> tokenizer, boolean json)
            throws InterruptedException {
        long before = booked();
        Instant began = Instant.now();
        int code = run(console);
        Optional<Duration> took = booked() > before ? Optional.of(Duration.between(began, Instant.now()))
                : Optional.empty();
        PilotForecast forecast = Pilot.forecast(config, recipe.generate().orElseThrow(), root.resolve("generate"), took,
                tokenizer);
        if (json) {
            console.json(forecast.json());
        } else {
            forecast.lines().forEach(console::data);
        }
        return code;
    }

    /// @return tokens that were ever paid for in the run's folder
    private long booked() {
        Path manifest = root.resolve("manifest.json");
        return !Files.exists(manifest) ? 0 : Manifest.read(manifest).spent().orElse(Map.of()).values().stream()
                .mapToLong(usage -> usage.promptTokens() + usage.completionTokens()).sum();
    }

    private static void show(Console console, List<Preview.Prompt> prompts) {
        prompts.forEach(prompt -> {
            console.data("--- prompt of question " + prompt.id());
            prompt.messages().forEach(message -> console.data("[" + message.role() + "]\n" + message.content()));
        });
    }

    /// Prints the config with every default, what each stage would cost, and everything that is wrong; runs nothing.
    ///
    /// @param resolved the config as it was read, of one stage or all of them
    /// @return the exit code that a run would end with at once, if it would
    int rehearse(Console console, Record resolved, boolean json) {
        Findings findings = look(console, true);
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("config", ConfigWriter.tree(resolved));
            all.put("forecast", new Forecast(recipe, computes.all()).lines());
            all.put("warnings", findings.warnings());
            all.put("problems", findings.problems());
            console.json(all);
            return findings.problems().isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
        }
        console.data(ConfigWriter.yaml(resolved));
        new Forecast(recipe, computes.all()).lines().forEach(console::talk);
        findings.warnings().forEach(warning -> console.talk("socratic: " + warning));
        List<dev.socratic.core.error.Problem> problems = findings.problems();
        new Failures(console, false).problems(problems);
        return problems.isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
    }

    private Findings look(Console console, boolean rehearsal) {
        return Preflight.check(recipe, root, stages, console.environment(), places, threads, computes, rehearsal);
    }
}
