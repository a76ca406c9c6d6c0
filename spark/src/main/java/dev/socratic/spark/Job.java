package dev.socratic.spark;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.StepConfig;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;

/// A curation as a task is told of it: as text, for a config travels as what was written.
///
/// @param config what stands under `curate:` in a recipe
/// @param name   of the config, for messages
/// @param folder that its paths are relative to
/// @param sample the first rows of every file, as they were read, by which steps see what the corpus is like
record Job(String config, String name, String folder, List<String> sample) implements Serializable {

    /// Of tasks that run no step.
    static final Job NONE = new Job("{}", "none", "", List.of());

    CurateConfig curate() {
        return ConfigReader.read(config, name, Path.of(folder), CurateConfig.class);
    }

    /// @throws ConfigException if a step asks models or has to see the corpus in another way than by groups of rows
    List<StepConfig> steps() {
        List<StepConfig> steps = curate().steps();
        for (int i = 0; i < steps.size(); i++) {
            if (!runs(steps.get(i))) {
                throw new ConfigException("%s: steps[%s]".formatted(name, i),
                        "a step that looks at one row, exact_duplicates, near_duplicates or select",
                        steps.get(i).getClass().getSimpleName(),
                        "leave it out here, and run 'socratic curate' with it over the rows that stay");
            }
        }
        return steps;
    }

    private static boolean runs(StepConfig step) {
        return step.models().isEmpty() && step.embedders().isEmpty() && switch (step) {
            case StepConfig.Verdicts ignored -> true;
            case StepConfig.Format ignored -> true;
            case StepConfig.Length ignored -> true;
            case StepConfig.Repetition ignored -> true;
            case StepConfig.Language ignored -> true;
            case StepConfig.Refusal ignored -> true;
            case StepConfig.Reasoning ignored -> true;
            case StepConfig.Consistency ignored -> true;
            case StepConfig.Artifacts ignored -> true;
            case StepConfig.Pii ignored -> true;
            case StepConfig.Toxicity ignored -> true;
            case StepConfig.Repair ignored -> true;
            case StepConfig.Quality ignored -> true;
            case StepConfig.Decontaminate ignored -> true;
            case StepConfig.ExactDuplicates ignored -> true;
            case StepConfig.NearDuplicates ignored -> true;
            case StepConfig.Select ignored -> true;
            default -> false;
        };
    }
}
