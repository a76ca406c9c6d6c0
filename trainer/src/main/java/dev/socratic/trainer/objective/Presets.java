package dev.socratic.trainer.objective;

import dev.socratic.core.config.BuiltInFiles;
import dev.socratic.core.config.ConfigReader;
import java.util.List;

/// The named objectives that come with the trainer: each file `presets/<name>.yaml` is one.
public final class Presets {
    private static final BuiltInFiles FILES = new BuiltInFiles(Presets.class, "/dev/socratic/trainer/presets/",
            Objective.FILES, "objective", "a preset", "see socratic objective list, or name a file by its path");

    private Presets() {}

    /// @return their names in alphabetical order
    public static List<String> names() {
        return FILES.names();
    }

    /// @param nameOrFile a preset's name, or the path of a YAML file: whatever has a separator in it or ends in
    ///                   `.yaml`
    static ConfigReader.Placed<Objective> read(String nameOrFile) {
        return FILES.read(nameOrFile, Objective.class);
    }
}
