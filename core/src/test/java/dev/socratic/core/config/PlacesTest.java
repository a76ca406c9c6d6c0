package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesTest {
    private record Model(String path) {}

    private record Student(String name, Optional<Model> teacher) {}

    private record Run(String name, List<Student> train, @Default("{}") Map<String, Model> models) {}

    @TempDir
    Path folder;

    private ConfigReader.Placed<Run> read(String text, Map<String, String> overrides) throws IOException {
        Path file = Files.writeString(folder.resolve("r.yaml"), text);
        return ConfigReader.placed(file, Run.class, overrides);
    }

    @Test
    void everyPartIsFoundWhereItStands() throws IOException {
        Places places = read("""
                name: x
                train:
                  - {name: a}
                  - name: b
                    teacher: {path: p}
                models:
                  Qwen-0.5B: {path: q}
                """, Map.of()).places();
        String file = folder.resolve("r.yaml").toString();
        assertEquals(file + ":1:1: name", places.at("name"));
        assertEquals(file + ":5:15: train[1].teacher.path", places.at("train[1].teacher.path"));
        assertEquals(file + ":7:15: models.Qwen-0.5B.path", places.at("models.Qwen-0.5B.path"),
                "a name may have a dot in it");
        assertEquals(file + ":3:5: train[0].teacher.path", places.at("train[0].teacher.path"),
                "a default stands where its whole stands");
    }

    @Test
    void aValueOfTheCommandLineStandsAtItsOption() throws IOException {
        Places places = read("{name: x, train: [{name: a}]}", Map.of("train[0].teacher.path", "q")).places();
        assertEquals("--set train[0].teacher.path", places.at("train[0].teacher.path"));
    }

    @Test
    void aConfigOfOneStageIsAskedForByThePathsOfARecipe() throws IOException {
        Places places = read("{name: x, train: [{name: a}]}", Map.of()).places().under("generate");
        assertEquals(folder.resolve("r.yaml") + ":1:11: train", places.at("generate.train"));
        assertEquals("generate.train", Places.none().under("other").at("generate.train"));
    }

    @Test
    void whatAConstructorRefusesOfTheCommandLineIsAProblemOfTheOption() {
        ConfigException refused = assertThrows(ConfigException.class,
                () -> ConfigReader.checked("--name", () -> FileName.checked("models", "a/b")));
        assertEquals(
                "--name: models: letters, digits and _ . - + @ = ~, at most 150 bytes, for it names a file or "
                        + "folder; got 'a/b'; write 'a_b'",
                refused.getMessage());
        assertEquals("a/b".replace('/', '_'), ConfigReader.checked("--name", () -> FileName.checked("models", "a_b")));
    }
}
