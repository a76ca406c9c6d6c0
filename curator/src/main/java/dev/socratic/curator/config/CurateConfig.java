package dev.socratic.curator.config;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.Layout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of a curation, in the order they run.
///
/// The default is for instruction data with worked answers, not for web pages: no rule asks for fifty words or five
/// sentences. Cheap steps that look at one row stand first; leaked evaluation questions go before duplicates, so that
/// no row is dropped for being like one that is dropped itself; `select` is last, because it should choose among rows
/// that may stay.
///
/// @param steps       at least one
/// @param evaluation  what becomes of rows whose question is one of the recipe's own evaluation questions
/// @param layout      how the files of answers name things; not used where `fields` are given
/// @param fields      `{user: path, assistant: path}`, also with `system`, or `{user: path, chosen: path, rejected:
///                    path}` for pairs of answers, or `{text: path}`; all other fields of a row stay as they are
/// @param failedLimit share of rows that could not be read, in [0, 1], above which the command ends with exit code 3
public record CurateConfig(
        @Default("[verdicts, format, artifacts, length, refusal, reasoning, consistency, repetition, language, "
                + "decontaminate, exact_duplicates, near_duplicates, select]")
                List<StepConfig> steps,
        @Default("drop") OwnEvaluation evaluation,
        @Default("auto") Layout layout,
        @Default("{}") Map<String, String> fields,
        @Effort @Default("0.5") double failedLimit) {
    public CurateConfig {
        steps = List.copyOf(steps);
        fields = new ExampleSource.File(Path.of(""), layout, fields, Optional.empty())
                .fields(); // says what is wrong with them
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("steps: at least one; got none; leave the field out for the default");
        }
        if (!(failedLimit >= 0 && failedLimit <= 1)) {
            throw new IllegalArgumentException("failed_limit: a share in [0, 1]; got %s; 1.0 accepts any".formatted(
                    failedLimit));
        }
    }

    /// @return the same with other steps
    CurateConfig withSteps(List<StepConfig> others) {
        return new CurateConfig(others, evaluation, layout, fields, failedLimit);
    }

    /// @return whether it says how answers name things
    public boolean readsOtherLayouts() {
        return layout != Layout.AUTO || !fields.isEmpty();
    }

    /// @return a file of answers, read as this config says
    public ExampleSource.File source(Path file) {
        return new ExampleSource.File(file, layout, fields, Optional.empty());
    }

    /// Whether a student may learn from what it is evaluated with.
    public enum OwnEvaluation {
        /// Rows that are evaluation questions go, as the step `decontaminate` decides; it runs also where `steps` does
        /// not list it.
        DROP,
        /// They stay: the evaluation then measures memory.
        KEEP
    }
}
