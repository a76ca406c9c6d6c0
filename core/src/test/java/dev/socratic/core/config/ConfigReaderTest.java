package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    enum Unit { TOKENS, STEPS_DONE }

    sealed interface Schedule {
        record Constant() implements Schedule {}

        record Cosine(@Default("0.1") double warmup, @Default("0.0") double floor) implements Schedule {
            public Cosine {
                if (!(warmup >= 0 && warmup <= 1)) {
                    throw new IllegalArgumentException(
                            "warmup: a share from 0 to 1; got %s; 0.1 is usual".formatted(warmup));
                }
            }
        }

        sealed interface Stepwise extends Schedule {
            record HalfEvery(int steps) implements Stepwise {}
        }
    }

    record Optimiser(double rate, @Default("cosine") Schedule schedule, @Default("[0.9, 0.95]") List<Double> betas) {
        Optimiser {
            if (betas.size() != 2) {
                throw new IllegalArgumentException("two betas are wanted");
            }
        }
    }

    record Run(
            String name,
            @Default("4") int samples,
            Optional<Path> questions,
            @Default("tokens") Unit unit,
            Optional<Optimiser> optimiser,
            @Default("{}") Map<String, Long> limits,
            @Default("30s") Duration patience,
            @Default("[]") Set<Unit> units,
            @Default("false") boolean fast) {}

    @Test
    void leavingThingsOutTakesTheDefaults() {
        Run run = ConfigReader.read("name: first", "a.yaml", Run.class);
        assertEquals(
                new Run("first", 4, Optional.empty(), Unit.TOKENS, Optional.empty(), Map.of(), Duration.ofSeconds(30),
                        Set.of(), false), run);
    }

    @Test
    void everyTypeIsRead() {
        Run run = ConfigReader.read("""
                name: 2024
                samples: +8
                questions: data/q.jsonl
                unit: steps_done
                optimiser: {rate: 3e-4, schedule: {cosine: {warmup: 0.2}}, betas: [0, 1]}
                limits: {tokens: 12345678901, usd: 3}
                patience: 1500ms
                units: [tokens, steps_done]
                fast: true
                """, "a.yaml", Run.class);
        Optimiser optimiser = new Optimiser(3e-4, new Schedule.Cosine(0.2, 0), List.of(0.0, 1.0));
        assertEquals(
                new Run("2024", 8, Optional.of(Path.of("data/q.jsonl")), Unit.STEPS_DONE, Optional.of(optimiser),
                        Map.of("tokens", 12345678901L, "usd", 3L),
                        Duration.ofMillis(1500), Set.of(Unit.TOKENS, Unit.STEPS_DONE), true),
                run);
    }

    @Test
    void jsonIsReadWithTheSamePlaces() {
        String json = "{\n\t\"name\": \"a \\u00e4 \\/ \\ud83d\\ude00\",\n\t\"samples\": \"8\"\n}\n";
        assertEquals(
                "a.json:3:13: samples: a whole number from -2147483648 to 2147483647; got the text '8'; remove the "
                        + "quotes", message(json, "a.json", Run.class));
        Run run = ConfigReader.read(json.replace("\"8\"", "8"), "a.json", Run.class);
        assertEquals("a ä / \uD83D\uDE00", run.name());
    }

    @Test
    void allProblemsAreToldAtOnceInTheOrderOfTheFile() {
        String text = """
                name: [x]
                smaples: 3
                samples: many
                unit: token
                optimiser:
                  schedule: {cosine: {warmpu: 1}}
                  betas: 0.9
                limits: {a: 1, b: 1.5}
                patience: soon
                fast: yes
                fast: no
                """;
        assertEquals("""
                a.yaml:1:7: name: a text; got a list
                a.yaml:2:1: a known key (name, samples, questions, unit, optimiser, limits, patience, units, fast); got 'smaples'; write 'samples'
                a.yaml:3:10: samples: a whole number from -2147483648 to 2147483647; got 'many'
                a.yaml:4:7: unit: one of tokens, steps_done; got 'token'; write 'tokens'
                a.yaml:6:3: optimiser.rate: a number; got nothing; add 'rate: ...'
                a.yaml:6:23: optimiser.schedule.cosine: a known key (warmup, floor); got 'warmpu'; write 'warmup'
                a.yaml:7:10: optimiser.betas: a list; got '0.9'; write [0.9]
                a.yaml:8:19: limits.b: a whole number; got '1.5'
                a.yaml:9:11: patience: a duration (250ms, 30s, 5m, 2h, 1d); got 'soon'
                a.yaml:10:7: fast: true or false; got 'yes'
                a.yaml:11:1: each key once; got 'fast' again, first at a.yaml:10:1; remove one of the two""", message(text, "a.yaml", Run.class));
    }

    @Test
    void whatAConstructorRefusesStandsAtItsComponent() {
        assertEquals(
                "a.yaml:1:39: schedule.cosine.warmup: a share from 0 to 1; got 2.0; 0.1 is usual",
                message("{rate: 1, schedule: {cosine: {warmup: 2}}}", "a.yaml", Optimiser.class));
        assertEquals("a.yaml:1:1: two betas are wanted", message("{rate: 1, betas: [1]}", "a.yaml", Optimiser.class));
    }

    @Test
    void aFamilyIsANameOrAMappingOfOneName() {
        record Holder(Schedule schedule) {}
        assertEquals(new Holder(new Schedule.Constant()), ConfigReader.read("schedule: constant", "a", Holder.class));
        assertEquals(new Holder(new Schedule.Cosine(0.1, 0)),
                ConfigReader.read("schedule:\n  cosine:\n", "a", Holder.class));
        assertEquals(new Holder(new Schedule.Stepwise.HalfEvery(3)),
                ConfigReader.read("schedule: {half_every: {steps: 3}}", "a", Holder.class));
        assertEquals("a:1:11: schedule: one of constant, cosine, half_every; got 'cosin'; write 'cosine'",
                message("schedule: cosin", "a", Holder.class));
        assertEquals(
                "a:1:11: schedule: one of constant, cosine, half_every; got 2 keys (cosine, warmup); write {cosine: "
                        + "{...}} with everything else inside",
                message("schedule: {cosine: , warmup: 1}", "a", Holder.class));
        assertEquals(
                "a:1:11: schedule: one of constant, cosine, half_every; got a list; write the name, or {name: {...}}",
                        message("schedule: []", "a", Holder.class));
        assertEquals("a:1:23: schedule.constant: no key; got 'x'",
                message("schedule: {constant: {x: 1}}", "a", Holder.class));
        assertEquals("a:1:1: schedule: one of constant, cosine, half_every; got nothing; add 'schedule: ...'",
                message("{}", "a", Holder.class));
    }

    @Test
    void pathsAreResolvedAgainstTheFolderOfTheFile(@TempDir Path folder) throws IOException {
        record Files2(Path here, Path there, @Default("out") Path out, Path absolute) {}
        Path file = Files.createDirectories(folder.resolve("recipes")).resolve("r.yaml");
        Files.writeString(file, "here: q.jsonl\nthere: ../data/./q.jsonl\nabsolute: " + folder.resolve("x"));
        assertEquals(
                new Files2(folder.resolve("recipes/q.jsonl"), folder.resolve("data/q.jsonl"),
                        folder.resolve("recipes/out"), folder.resolve("x")),
                ConfigReader.read(file, Files2.class));
    }

    @Test
    void aFileInThePlaceOfANameIsFoundFromTheFolderOfTheConfig(@TempDir Path folder) throws IOException {
        record Choice(@Default("first") @NameOrFile(".md") String one, @NameOrFile(".md") String two,
                @NameOrFile(".md") String three, String plain) {}
        Path file = Files.createDirectories(folder.resolve("recipes")).resolve("r.yaml");
        Files.writeString(file, "{two: own.md, three: ../prompts/a, plain: a/b}");
        assertEquals(
                new Choice("first", folder.resolve("recipes/own.md").toString(), folder.resolve("prompts/a").toString(),
                        "a/b"),
                ConfigReader.read(file, Choice.class));
        assertEquals("own.md", ConfigReader.read("{two: own.md, three: x, plain: y}", "text", Choice.class).two());
    }

    @Test
    void aFileThatIsNotThereIsAProblemOfTheConfig(@TempDir Path folder) {
        Path file = folder.resolve("none.yaml");
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.read(file, Run.class));
        assertEquals(file + ": a config file; got none there; check the path", e.getMessage());
        ConfigException folderInstead = assertThrows(ConfigException.class, () -> ConfigReader.read(folder, Run.class));
        assertTrue(folderInstead.getMessage().contains("got a folder"), folderInstead.getMessage());
    }

    @Test
    void brokenYamlIsToldWithItsPlace() {
        assertEquals("a.yaml:2:2: YAML or JSON; got mapping values are not allowed here",
                message("name\nx: 1", "a.yaml", Run.class));
        assertEquals("a.yaml:2:1: one document; got a second one ('---'); give each its own file",
                message("name: a\n---\nname: b", "a.yaml", Run.class));
        assertEquals("a.yaml:1:7: name: a value without a tag; got 'tag:yaml.org,2002:java.net.URL'; remove the tag",
                message("name: !!java.net.URL x", "a.yaml", Run.class));
        assertEquals("a.yaml:1:1: name: a text; got nothing; add 'name: ...'", message("", "a.yaml", Run.class));
    }

    @Test
    void hostileTextsMeetALimitQuickly() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%s: &a%s [".formatted(i, i)).append(("*a" + (i - 1) + ", ").repeat(9)).append("x]\n");
        }
        assertEquals("a.yaml:6:5: a5: at most 100000 values; got more, counting each alias in full",
                message(bomb.toString(), "a.yaml", Run.class));
        assertTrue(message("name: " + "[".repeat(100_000), "a.yaml", Run.class)
                .contains("at most 64 levels; got more"));
        assertTrue(message("name: &x [*x]", "a.yaml", Run.class).contains("an anchor defined before; got *x"));
        assertTrue(message("name: " + "x".repeat(YamlTree.MAX_CHARACTERS), "a.yaml", Run.class)
                .contains("a config of at most 4194304 characters"));
        assertTrue(message("limits: {" + "? {} : 1, " + "}", "a.yaml", Run.class).contains("a text as a key"));
    }

    @Test
    void wholeNumbersNeverWrapAndNumbersNeverOverflow() {
        assertTrue(message("{name: a, samples: 2147483648}", "a", Run.class)
                .contains("samples: a whole number from -2147483648 to 2147483647; got '2147483648'"));
        assertTrue(message("{name: a, samples: 1e3}", "a", Run.class).contains("got '1e3'"));
        assertTrue(message("{rate: 1e999}", "a", Optimiser.class).contains("rate: a number; got '1e999'"));
        assertTrue(message("{rate: .nan}", "a", Optimiser.class).contains("rate: a number; got '.nan'"));
        assertEquals(Double.POSITIVE_INFINITY, ConfigReader.read("{rate: .inf}", "a", Optimiser.class).rate());
    }

    static String message(String text, String name, Class<?> type) {
        return assertThrows(ConfigException.class, () -> ConfigReader.read(text, name, type)).getMessage()
                .replace(System.lineSeparator(), "\n");
    }
}
