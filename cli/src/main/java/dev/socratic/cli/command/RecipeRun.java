package dev.socratic.cli.command;

import dev.socratic.cli.Console;
import dev.socratic.cli.ExitCode;
import dev.socratic.cli.Failures;
import dev.socratic.cli.recipe.Findings;
import dev.socratic.cli.recipe.Forecast;
import dev.socratic.cli.recipe.Preflight;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.cli.recipe.Runner;
import dev.socratic.cli.recipe.Stage;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.config.Places;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/// What `run` and the commands of one stage share: everything is looked at first, then either told or run.
///
/// @param recipe  what to run
/// @param places  where its parts are written
/// @param root    the run's folder
/// @param stages  that may run
/// @param threads processor threads
/// @param partial whether stages go on with what an incomplete one before them has
record RecipeRun(Recipe recipe, Places places, Path root, Set<Stage> stages, int threads, boolean partial) {

    /// One that ends where a stage is incomplete.
    RecipeRun(Recipe recipe, Places places, Path root, Set<Stage> stages, int threads) {
        this(recipe, places, root, stages, threads, false);
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
        return new Runner(recipe, root, console, Clock.systemUTC(), threads).partial(partial).run(stages);
    }

    /// Prints the config with every default, what each stage would cost, and everything that is wrong; runs nothing.
    ///
    /// @param resolved the config as it was read, of one stage or all of them
    /// @return the exit code that a run would end with at once, if it would
    int rehearse(Console console, Record resolved) {
        Findings findings = look(console, true);
        console.data(ConfigWriter.yaml(resolved));
        new Forecast(recipe).lines().forEach(console::talk);
        findings.warnings().forEach(warning -> console.talk("socratic: " + warning));
        List<dev.socratic.core.error.Problem> problems = findings.problems();
        new Failures(console, false).problems(problems);
        return problems.isEmpty() ? ExitCode.DONE : ExitCode.USAGE;
    }

    private Findings look(Console console, boolean rehearsal) {
        return Preflight.check(recipe, root, stages, console.environment(), places, threads, rehearsal);
    }
}
