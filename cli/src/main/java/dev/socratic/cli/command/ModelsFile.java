package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.generator.teacher.TeacherConfig;
import java.nio.file.Path;
import java.util.Map;

/// What stands in a file of models, for commands that run one stage: whom it asks, by name, as in a recipe.
record ModelsFile(Map<String, TeacherConfig> models) {
    /// @return the models; names of the hub are folders of its cache
    static Map<String, TeacherConfig> read(Path file, Console console) {
        return new HubModels(console.environment(), console::talk).in(ConfigReader.read(file, ModelsFile.class), file)
                .models();
    }
}
