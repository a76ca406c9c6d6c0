package dev.socratic.trainer.run.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.Problem;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is told of a training before anything runs.
class TrainChecksTest {
    private static TrainConfig config(String more) {
        return ConfigReader.read("student: {folder: {path: STUDENT}}\nbudget: {steps: {n: 1}}\n" + more, "config",
                TrainConfig.class);
    }

    private static List<String> ofConfig(String more, boolean encoder) {
        TrainConfig config = config(more);
        return TrainChecks.ofConfig(config, Objective.named(config.objective()), encoder).stream()
                .map(Problem::toString).toList();
    }

    @Test
    void weightsInBfloat16AreThoseOfADecoderThatLearnsWhole() {
        String rounding = "optimizer: {rounding: stochastic}\n";
        String expected = "optimizer.rounding: a decoder whose own weights learn, which are held in bfloat16 then; got "
                + "%s; leave it out, or write rounding: none";
        assertEquals(List.of(), ofConfig(rounding, false));
        assertEquals(List.of(expected.formatted("an encoder, which is float32")), ofConfig(rounding, true));
        assertEquals(List.of(expected.formatted("an adapter, whose factors are float32")),
                ofConfig(rounding + "adapter: {lora: {}}\n", false));
        assertEquals(List.of(expected.formatted("'theseus', in which layers of the teacher run in the student")),
                ofConfig(rounding + "objective: theseus\nteacher: TEACHER\n", false));
    }

    @Test
    void float16HasNotTheRangeOfWeightsInBfloat16() {
        TrainConfig config = config("optimizer: {rounding: nearest}\n");
        assertEquals(List.of(), TrainChecks.ofCompute(config, Compute.CPU.in(FloatType.BFLOAT16)));
        assertEquals("[optimizer.rounding: none in float16, which has not the range of weights in bfloat16; got "
                + "nearest; leave it out, or write precision: bfloat16]",
                TrainChecks.ofCompute(config, Compute.CPU.in(FloatType.FLOAT16)).toString());
    }
}
