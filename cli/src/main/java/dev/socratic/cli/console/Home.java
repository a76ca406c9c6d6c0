package dev.socratic.cli.console;

import dev.socratic.core.error.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The folder Socratic lies in: where its recipes and embedded models are. The launcher states it as the system
/// property `socratic.home`.
public final class Home {
    private Home() {}

    /// @return a file of `recipes/`
    public static Path recipe(String name) {
        Path home = Path.of(System.getProperty("socratic.home", "."));
        Path recipe = home.resolve("recipes").resolve(name);
        if (!Files.exists(recipe)) {
            throw new ConfigException(
                    "socratic.home", "the folder Socratic lies in, with recipes/" + name, "'" + home + "'",
                    "start through the launcher ./socratic");
        }
        return recipe;
    }
}
