package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BareValueTest {
    sealed interface Budget {
        record Steps(long n) implements Budget {}

        record Names(List<String> all) implements Budget {}
    }

    sealed interface Weight {
        record Constant(double value) implements Weight {}

        record Linear(double from, double to) implements Weight {}
    }

    sealed interface Model {
        @Bare
        record Folder(Path path) implements Model {}

        record Earlier(String name) implements Model {}
    }

    record Teaching(Optional<Model> teacher, @Default("[]") List<Model> more) {}

    record Held(Path path, Optional<String> device) {}

    record Holding(Held one) {}

    record Config(Budget budget, @Default("1") Weight weight) {}

    @Test
    void aRecordWithOneComponentMayBeItsBareValue() {
        assertEquals(read("budget: {steps: {n: 5}}"), read("budget: {steps: 5}"));
        assertEquals(new Budget.Names(List.of("a", "b")), read("budget: {names: [a, b]}").budget());
    }

    /// So a record may grow by what can be left out, and what was written of it stays right.
    @Test
    void aBareTextIsTheOneComponentThatMustBeWritten() {
        Holding bare = ConfigReader.read("one: a/b", "t.yaml", Holding.class);
        assertEquals(ConfigReader.read("one: {path: a/b}", "t.yaml", Holding.class), bare);
        assertEquals(Optional.empty(), bare.one().device());
    }

    @Test
    void aBareNumberIsTheRecordOfOneValue() {
        assertEquals(new Weight.Constant(0.25), read("{budget: {steps: 5}, weight: 0.25}").weight());
        assertEquals(new Weight.Constant(1), read("budget: {steps: 5}").weight());
        assertEquals(new Weight.Linear(0, 1),
                read("{budget: {steps: 5}, weight: {linear: {from: 0, to: 1}}}").weight());
    }

    @Test
    void aWrongBareValueIsNamedByItsComponent() {
        ConfigException error = assertThrows(ConfigException.class, () -> read("budget: {steps: many}"));
        assertEquals("t.yaml:1:17: budget.steps.n: a whole number; got 'many'", error.getMessage());
    }

    @Test
    void aBareTextIsTheRecordThatIsMarkedForItAlsoWhereItIsTheNameOfAnother() {
        Teaching config = ConfigReader.read("{teacher: a/b, more: [{earlier: small}, earlier, {folder: c}]}", "t.yaml",
                Teaching.class);
        assertEquals(Optional.of(new Model.Folder(Path.of("a/b"))), config.teacher());
        assertEquals(
                List.of(new Model.Earlier("small"), new Model.Folder(Path.of("earlier")),
                        new Model.Folder(Path.of("c"))), config.more());
        assertEquals("teacher: a/b\nmore:\n  -\n    earlier:\n      name: small\n  - earlier\n  - c\n",
                ConfigWriter.yaml(config));
        assertEquals(config, ConfigReader.read(ConfigWriter.yaml(config), "t.yaml", Teaching.class));
        ConfigException error = assertThrows(ConfigException.class,
                () -> ConfigReader.read("teacher: {earlyer: small}", "t.yaml", Teaching.class));
        assertEquals("t.yaml:1:11: teacher: one of folder, earlier; got 'earlyer'; write 'earlier'",
                error.getMessage());
    }

    private static Config read(String text) {
        return ConfigReader.read(text, "t.yaml", Config.class);
    }
}
