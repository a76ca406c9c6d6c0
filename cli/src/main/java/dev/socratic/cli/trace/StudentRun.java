package dev.socratic.cli.trace;

import dev.socratic.cli.recipe.Recipe;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.run.Manifest;
import dev.socratic.core.seed.Seeds;
import dev.socratic.curator.CurateStage;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.trainer.config.TrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/// A student's folder and the run it lies in.
///
/// @param root   the run's folder
/// @param folder the student's
/// @param recipe of the run, every default written out
/// @param config of the student's training
public record StudentRun(Path root, Path folder, Recipe recipe, TrainConfig config) {

    /// @param student its folder, `<run>/train/<name>`
    /// @throws ConfigException if it is no student in a run
    public static StudentRun of(Path student) {
        Path folder = student.toAbsolutePath().normalize();
        Path root = Optional.ofNullable(folder.getParent()).map(Path::getParent).orElse(folder);
        if (!Files.isRegularFile(root.resolve("recipe.yaml")) || !Files.isDirectory(folder)) {
            throw new ConfigException(student.toString(), "the folder of a student in its run, <run>/train/<name>",
                    Files.isDirectory(folder) ? "a folder without a run around it" : "none there",
                    "give the folder that the run wrote: rows are traced through the run's files");
        }
        Recipe recipe = ConfigReader.read(root.resolve("recipe.yaml"), Recipe.class);
        String name = String.valueOf(folder.getFileName());
        TrainConfig config = recipe.train().stream().filter(one -> one.name().equals(name)).findFirst()
                .orElseThrow(() -> new ConfigException(student.toString(), "a student of the run's recipe",
                        "'%s'; it trains %s".formatted(name, recipe.train().stream().map(TrainConfig::name).toList()),
                        "give one of those"));
        return new StudentRun(root, folder, recipe, config);
    }

    /// @return the rows it learned from
    public ExampleSource data() {
        return config.data().orElseGet(() ->
                ExampleSource.File.of(root.resolve("curate").resolve(CurateStage.TRAIN)));
    }

    /// @return seed of what the source draws
    public long dataSeed() {
        return Seeds.derive(config.seed(), "data");
    }

    /// @return the stage as the manifest knows it
    public Optional<Manifest.Stage> stage(String name) {
        return Optional.ofNullable(Manifest.read(root.resolve("manifest.json")).stages().get(name));
    }

    /// Numbers of rows mean the file that was read: in another they are other rows.
    ///
    /// @throws DataException naming a file that was changed since
    public void requireSameData() {
        SortedMap<String, String> then = stage("train/" + config.name()).map(stage -> stage.basis().inputs())
                .orElseThrow(() -> new DataException(root.resolve("manifest.json").toString(),
                        "an entry train/" + config.name(), "none", "train the student first"));
        same("data", data(), then);
    }

    private static void same(String place, ExampleSource source, SortedMap<String, String> then) {
        switch (source) {
            case ExampleSource.File file -> {
                String known = then.getOrDefault(place + ".file.path", "");
                if (!known.isEmpty() && !(Files.exists(file.path()) && Hashes.of(file.path()).equals(known))) {
                    throw new DataException(file.path().toString(),
                            "the rows as the student read them, sha256 %s".formatted(known),
                            Files.exists(file.path()) ? "another content" : "no such file",
                            "put the file back, or train the student anew");
                }
            }
            case ExampleSource.WordProblems ignored -> { }
            case ExampleSource.Mix mix -> {
                for (int i = 0; i < mix.parts().size(); i++) {
                    same("%s.mix.parts[%s].source".formatted(place, i), mix.parts().get(i).source(), then);
                }
            }
        }
    }
}
