package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InlineTest {
    record Sampling(@Default("1") double temperature, @Aka("nucleus") @Default("1") double topP) {
        Sampling {
            if (!(temperature >= 0)) {
                throw new IllegalArgumentException(
                        "temperature: a number from 0; got %s; 0 is greedy".formatted(temperature));
            }
        }
    }

    record Writing(@Inline @Default("{top_p: 0.9}") Sampling sampling, @Default("64") int maxTokens,
            @Default("[]") List<String> stop) {}

    record Task(String name, @Inline @Default("{temperature: 0}") Writing writing, @Default("1") int shots) {}

    record Generate(@Default("{temperature: 0.7, stop: [x]}") Writing sampling) {}

    private static Task task(String yaml) {
        return ConfigReader.read(yaml, "t.yaml", Task.class);
    }

    private static String refused(String yaml) {
        return assertThrows(ConfigException.class, () -> task(yaml)).getMessage();
    }

    @Test
    void itsKeysStandAmongThoseOfTheRecordAroundIt() {
        assertEquals(new Task("a", new Writing(new Sampling(0.5, 0.8), 7, List.of("###")), 3),
                task("{name: a, shots: 3, top_p: 0.8, temperature: 0.5, stop: ['###'], max_tokens: 7}"));
    }

    @Test
    void aKeyThatIsLeftOutHasTheDefaultOfTheOutermostRecordThatHasOne() {
        assertEquals(new Task("a", new Writing(new Sampling(0, 0.9), 64, List.of()), 1), task("name: a"));
        assertEquals(new Task("a", new Writing(new Sampling(2, 0.9), 64, List.of()), 1),
                task("{name: a, temperature: 2}"));
    }

    @Test
    void aDefaultOfARecordIsOneOfEachKey() {
        Writing usual = new Writing(new Sampling(0.7, 0.9), 64, List.of("x"));
        for (String yaml : List.of("{}", "sampling: {}", "sampling:", "sampling: {max_tokens: 64}")) {
            assertEquals(usual, ConfigReader.read(yaml, "g.yaml", Generate.class).sampling(), yaml);
        }
        assertEquals(new Writing(new Sampling(0.7, 0.5), 64, List.of()),
                ConfigReader.read("sampling: {top_p: 0.5, stop: []}", "g.yaml", Generate.class).sampling());
    }

    @Test
    void whatIsWrongIsSaidWhereItStandsAndOnce() {
        assertEquals("t.yaml:1:24: temperature: a number from 0; got -1.0; 0 is greedy",
                refused("{name: a, temperature: -1}"));
        assertEquals("t.yaml:1:23: max_tokens: a whole number from -2147483648 to 2147483647; got 'many'",
                refused("{name: a, max_tokens: many}"));
        String known = ": a known key (name, temperature, top_p, max_tokens, stop, shots); got ";
        assertEquals("t.yaml:1:11" + known + "'tempreature'; write 'temperature'",
                refused("{name: a, tempreature: 1}"));
        assertEquals("t.yaml:1:11" + known + "'nucleus'; write 'top_p'", refused("{name: a, nucleus: 1}"));
    }

    @Test
    void itIsWrittenFlatAndReadBackTheSame() {
        Task task = task("{name: a, temperature: 0.25, stop: [b]}");
        assertEquals("""
                name: a
                temperature: 0.25
                top_p: 0.9
                max_tokens: 64
                stop:
                  - b
                shots: 1
                """, ConfigWriter.yaml(task));
        assertEquals(task, task(ConfigWriter.yaml(task)));
    }

    @Test
    void anOverrideSetsOneOfItsKeys() {
        ConfigReader.Placed<Task> placed = ConfigReader.placed("{name: a, top_p: 0.3}", "t.yaml", Task.class,
                Map.of("temperature", "0.5"));
        assertEquals(new Writing(new Sampling(0.5, 0.3), 64, List.of()), placed.value().writing());
    }

    @Test
    void itsKeysAreToldWithTheDefaultsThatHoldThere() {
        assertEquals(List.of("name ", "temperature 0", "top_p 0.9", "max_tokens 64", "stop []", "shots 1"),
                Keys.of(Task.class, "").stream().map(key -> key.path() + " " + key.fallback()).toList());
        assertEquals(List.of("sampling {temperature: 0.7, stop: [x]}", "sampling.temperature 0.7", "sampling.top_p 0.9",
                        "sampling.max_tokens 64", "sampling.stop [x]"),
                Keys.of(Generate.class, "").stream().map(key -> key.path() + " " + key.fallback()).toList());
    }

    @Test
    void itsPartsAreFoundUnderTheKeysTheyHave() {
        assertEquals(List.of("name", "temperature", "top_p", "max_tokens", "stop", "stop[0]", "shots"),
                Parts.of(task("{name: a, stop: [b]}"), "").stream().map(Parts.Part::path).toList());
    }
}
