package dev.socratic.trainer.config;

import dev.socratic.core.config.Bare;
import dev.socratic.core.config.Default;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.objective.SelfWeights;
import java.nio.file.Path;

/// A model that teaches: `teacher: path`, the student itself (`teacher: {self: start}`), or in a recipe `teacher:
/// {earlier: name}`.
public sealed interface ModelRef {
    /// A Hugging Face folder; written as its bare path.
    @Bare
    record Folder(Path path) implements ModelRef {}

    /// A student that the same recipe trains before: an assistant between the teacher and a smaller student. Source:
    /// TAKD, Mirzadeh et al. 2020, arXiv:1902.03393. Whoever runs the recipe puts that student's folder in its place.
    ///
    /// @param name its name
    record Earlier(String name) implements ModelRef {}

    /// The student itself, which can teach where it reads another prompt as the teacher or has other weights there.
    ///
    /// @param weights which of its weights
    record Self(@Default("start") SelfWeights weights) implements ModelRef {}

    /// @param place of this in the config, for the message
    /// @return the folder
    /// @throws ConfigException for an earlier student where no recipe is run, and for the student itself where that
    ///                         cannot teach
    default Path folder(String place) {
        return switch (this) {
            case Folder folder -> folder.path();
            case Earlier earlier -> throw new ConfigException(
                    place + ".earlier", "a recipe that trains this student before",
                    "'" + earlier.name() + "' outside of one", "name its folder: " + place + ": <folder>");
            case Self ignored -> throw new ConfigException(place, "a model with a folder", "the student itself",
                    "name a folder: " + place + ": <folder>");
        };
    }
}
