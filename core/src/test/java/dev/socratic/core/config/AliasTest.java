package dev.socratic.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AliasTest {
    record Optimiser(@Default("1") @Alias("clip") double maxGradNorm, @Default("data") @Alias("on") Rows rows) {}

    record Run(@Default("{}") Optimiser optimizer, @Default("[]") List<Ramp> ramps,
            @Default("1") @Alias("keep") int kept) {}

    sealed interface Ramp {
        @Alias("share")
        record Ratio(@Alias("part") double of) implements Ramp {}

        record Steps(int n) implements Ramp {}
    }

    enum Rows {
        @Alias({"given", "own_rows"})
        DATA,
        REJECTED
    }

    @Test
    void aFormerNameIsReadAndTheNameOfTodayIsTold() {
        ConfigReader.Placed<Run> read = read("""
                optimizer: {clip: 2, on: given}
                ramps: [{share: 0.1}, {share: {part: 0.2}}, {steps: 3}]
                keep: 4
                """);
        assertEquals(new Run(new Optimiser(2, Rows.DATA),
                List.of(new Ramp.Ratio(0.1), new Ramp.Ratio(0.2), new Ramp.Steps(3)), 4), read.value());
        assertEquals(List.of(
                "the config:1:13: optimizer: 'max_grad_norm'; got its former name 'clip', which is still read; write "
                        + "'max_grad_norm'",
                "the config:1:22: optimizer: 'rows'; got its former name 'on', which is still read; write 'rows'",
                "the config:1:26: optimizer.rows: 'data'; got its former name 'given', which is still read; write "
                        + "'data'",
                "the config:2:10: ramps[0]: 'ratio'; got its former name 'share', which is still read; write 'ratio'",
                "the config:2:24: ramps[1]: 'ratio'; got its former name 'share', which is still read; write 'ratio'",
                "the config:2:32: ramps[1].ratio: 'of'; got its former name 'part', which is still read; write 'of'",
                "the config:3:1: 'kept'; got its former name 'keep', which is still read; write 'kept'"),
                told(read));
    }

    @Test
    void whatIsWrittenOutHasTheNameOfToday() {
        assertEquals("{\"optimizer\":{\"max_grad_norm\":2.0,\"rows\":\"data\"},\"ramps\":[],\"kept\":1}",
                ConfigWriter.tree(read("optimizer: {clip: 2}").value()).toString());
        assertEquals(List.of(), told(read("optimizer: {max_grad_norm: 2}")));
    }

    @Test
    void anOverrideMayUseEitherNameAndHoldsAgainstTheFile() {
        assertEquals(3, read("optimizer: {max_grad_norm: 2}", Map.of("optimizer.clip", "3")).value().optimizer()
                .maxGradNorm());
        ConfigReader.Placed<Run> read = read("optimizer: {clip: 2}", Map.of("optimizer.max_grad_norm", "3"));
        assertEquals(3, read.value().optimizer().maxGradNorm());
        assertEquals(1, told(read).size());
    }

    @Test
    void bothNamesInOneFileAreAMistake() {
        ConfigException refused = assertThrows(ConfigException.class,
                () -> read("optimizer: {clip: 2, max_grad_norm: 3}"));
        assertEquals("the config:1:22: optimizer.max_grad_norm: this key once; got it by its former name as well; "
                + "remove one of the two", refused.problems().getFirst().toString());
    }

    private static ConfigReader.Placed<Run> read(String yaml) {
        return read(yaml, Map.of());
    }

    private static ConfigReader.Placed<Run> read(String yaml, Map<String, String> overrides) {
        return ConfigReader.placed(yaml, "the config", Run.class, overrides);
    }

    private static List<String> told(ConfigReader.Placed<Run> read) {
        return read.places().formerNames().stream().map(Problem::toString).toList();
    }
}
