package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.ConfigException;
import java.util.List;
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

    record Config(Budget budget, @Default("1") Weight weight) {}

    @Test
    void aRecordWithOneComponentMayBeItsBareValue() {
        assertEquals(read("budget: {steps: {n: 5}}"), read("budget: {steps: 5}"));
        assertEquals(new Budget.Names(List.of("a", "b")), read("budget: {names: [a, b]}").budget());
    }

    @Test
    void aBareNumberIsTheRecordOfOneValue() {
        assertEquals(new Weight.Constant(0.25), read("{budget: {steps: 5}, weight: 0.25}").weight());
        assertEquals(new Weight.Constant(1), read("budget: {steps: 5}").weight());
        assertEquals(new Weight.Linear(0, 1), read("{budget: {steps: 5}, weight: {linear: {from: 0, to: 1}}}").weight());
    }

    @Test
    void aWrongBareValueIsNamedByItsComponent() {
        ConfigException error = assertThrows(ConfigException.class, () -> read("budget: {steps: many}"));
        assertEquals("t.yaml:1:17: budget.steps.n: a whole number; got 'many'", error.getMessage());
    }

    private static Config read(String text) {
        return ConfigReader.read(text, "t.yaml", Config.class);
    }
}
