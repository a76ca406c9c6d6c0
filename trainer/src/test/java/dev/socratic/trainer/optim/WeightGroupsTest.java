package dev.socratic.trainer.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.Shape;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.config.OptimizerConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightGroupsTest {
    private static WeightGroups groups(String groups) {
        return new WeightGroups(ConfigReader.read("{learning_rate: 0.01, weight_decay: 0.1, groups: " + groups + "}",
                "optimizer", OptimizerConfig.class));
    }

    @Test
    void aWeightLearnsAsTheFirstGroupThatMatchesItSays() {
        WeightGroups groups = groups("[{matching: embed, factor: 0.5, weight_decay: 0}, "
                + "{matching: 'layers\\.1\\.', learning_rate: 0.002}, {matching: '.*', factor: 2}]");
        Shape matrix = new Shape(2, 2);
        assertEquals(new WeightGroups.Setting(0.5, 0), groups.of("model.embed_tokens.weight", matrix));
        assertEquals(new WeightGroups.Setting(0.2, 0.1), groups.of("model.layers.1.q.weight", matrix));
        assertEquals(new WeightGroups.Setting(2, 0.1), groups.of("model.layers.2.q.weight", matrix));
        assertEquals(new WeightGroups.Setting(2, 0), groups.of("model.norm.weight", new Shape(2)), "one axis");
    }

    @Test
    void aPatternThatMatchesNoWeightIsRefused() {
        ConfigException none = assertThrows(ConfigException.class,
                () -> groups("[{matching: lm_heat, factor: 2}]").require(List.of("lm_head.weight", "model.norm")));
        assertEquals("optimizer.groups[0].matching: a regular expression that the name of a weight has which learns "
                + "and no earlier group has; got 'lm_heat', which matches none of 2; mend it or leave the group out; "
                + "weights are such as lm_head.weight, model.norm", none.getMessage());
        ConfigException taken = assertThrows(ConfigException.class,
                () -> groups("[{matching: model, factor: 2}, {matching: norm, factor: 3}]")
                        .require(List.of("lm_head.weight", "model.norm")));
        assertEquals("optimizer.groups[1].matching: a regular expression that the name of a weight has which learns "
                + "and no earlier group has; got 'norm', which matches only weights of earlier groups; mend it or leave "
                + "the group out; weights are such as lm_head.weight, model.norm", taken.getMessage());
    }

    @Test
    void aGroupIsRefusedThatSaysNothingOrTwoRates() {
        assertEquals("optimizer:1:51: groups[0]: a group says what is other about its weights; got 'a' alone; add "
                + "learning_rate, factor or weight_decay",
                assertThrows(ConfigException.class, () -> groups("[{matching: a}]")).getMessage());
        assertEquals("optimizer:1:51: groups[0]: learning_rate or factor of a group; got both; leave one out",
                assertThrows(ConfigException.class,
                        () -> groups("[{matching: a, learning_rate: 1, factor: 1}]")).getMessage());
        assertEquals("optimizer:1:62: groups[0].matching: a regular expression; got '(' (Unclosed group); mend it",
                assertThrows(ConfigException.class, () -> groups("[{matching: '(', factor: 1}]")).getMessage());
    }

    @Test
    void numbersThatAMethodDoesNotReadAreRefusedAndNotIgnored() {
        assertEquals("optimizer:1:1: betas and eps: left out, for this method has numbers of its own; got [0.8, "
                + "0.9] and 1.0E-8; write them into method, such as {lion: {betas: [0.9, 0.99]}}",
                refused("{method: lion, betas: [0.8, 0.9]}"));
        assertEquals("optimizer:1:1: decay: constant, for schedule_free_adamw averages in its place; got another "
                + "(cosine where none is written); write decay: constant", refused("{method: schedule_free_adamw}"));
    }

    private static String refused(String config) {
        return assertThrows(ConfigException.class,
                () -> ConfigReader.read(config, "optimizer", OptimizerConfig.class)).getMessage();
    }
}
