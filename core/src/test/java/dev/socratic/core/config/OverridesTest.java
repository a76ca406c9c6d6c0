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
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverridesTest {
    sealed interface Teacher {
        record Local(Path folder, @Default("1") int batch) implements Teacher {}

        record Endpoint(@Default("m") String model) implements Teacher {}
    }

    record Sampling(@Default("1.0") double temperature, @Default("64") int tokens) {}

    record Generate(Teacher teacher, @Default("4") int samples,
            @Default("{temperature: 0.7, tokens: 32}") Sampling sampling, @Default("[]") List<Integer> sizes) {}

    record Recipe(Optional<Generate> generate, @Default("x") String name) {}

    @TempDir Path folder;
    Path file;

    @BeforeEach
    void writeRecipe() throws IOException {
        file = Files.writeString(folder.resolve("r.yaml"),
                "generate:\n  teacher: {local: {folder: t}}\n  sizes: [1, 2]\n");
    }

    @Test
    void aValueTakesThePlaceOfTheOneInTheFile() {
        Generate generate =
                read(Map.of("generate.samples", "8", "generate.teacher.local.batch", "16", "generate.sizes[1]", "7",
                        "generate.sizes[2]", "9"));
        assertEquals(
                new Generate(new Teacher.Local(folder.resolve("t"), 16), 8, new Sampling(0.7, 32), List.of(1, 7, 9)),
                        generate);
        assertEquals(new Teacher.Endpoint("m"), read(Map.of("generate.teacher", "endpoint")).teacher());
        assertEquals(new Teacher.Endpoint("k"), read(Map.of("generate.teacher", "{endpoint: {model: k}}")).teacher());
    }

    @Test
    void whatAnOverrideDoesNotNameKeepsItsDefault() {
        assertEquals(new Sampling(0.2, 32), read(Map.of("generate.sampling.temperature", "0.2")).sampling());
    }

    @Test
    void aBareNameOfAFamilyTakesArguments() throws IOException {
        Files.writeString(file, "generate: {teacher: endpoint}");
        assertEquals(new Teacher.Endpoint("z"), read(Map.of("generate.teacher.endpoint.model", "z")).teacher());
    }

    @Test
    void aMistakeIsToldAtTheOption() {
        assertEquals(
                "--set generate.smaples: a known key (teacher, samples, sampling, sizes); got 'smaples'; write "
                        + "'samples'", message("generate.smaples", "8"));
        assertEquals("--set generate.samples: a whole number from -2147483648 to 2147483647; got 'many'",
                message("generate.samples", "many"));
        assertEquals("--set generate.samples.x: a whole number from -2147483648 to 2147483647; got a mapping with x",
                message("generate.samples.x", "1"));
        assertEquals("--set nmae: a known key (generate, name); got 'nmae'; write 'name'", message("nmae", "1"));
        assertEquals("--set generate.sizes.x: a mapping to set 'x' in; got a list; name the item, such as [0]",
                message("generate.sizes.x", "1"));
        assertEquals("--set generate.sizes[5]: an item from [0] to [2]; got [5]", message("generate.sizes[5]", "1"));
        assertEquals("--set generate..x: a path such as a.b or a.b[0].c; got ''", message("generate..x", "1"));
        assertEquals(
                "--set name: YAML or JSON; got expected ',' or ']', but got <stream end> (while parsing a flow "
                        + "sequence)", message("name", "[1"));
    }

    private Generate read(Map<String, String> overrides) {
        return ConfigReader.read(file, Recipe.class, new TreeMap<>(overrides)).generate().orElseThrow();
    }

    private String message(String key, String value) {
        return assertThrows(ConfigException.class, () -> ConfigReader.read(file, Recipe.class, Map.of(key, value)))
                .getMessage();
    }
}
