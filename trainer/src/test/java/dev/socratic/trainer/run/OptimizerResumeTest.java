package dev.socratic.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.run.Progress;
import dev.socratic.trainer.SmallRuns;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Trainings with every optimiser that go on from a checkpoint as if nothing had been.
class OptimizerResumeTest {
    @TempDir
    Path folder;

    private SmallRuns runs() {
        return new SmallRuns(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "optimizer: {learning_rate: 0.01, method: {adamw8bit: {min8bit_size: 100}}}\nema: {decay: 0.8, every: 2}",
        "optimizer: {learning_rate: 0.01, method: schedule_free_adamw, decay: constant}",
        "optimizer: {learning_rate: 0.01, rounding: stochastic}\nema: {decay: 0.8}\nprecision: bfloat16"})
    void aRunStoppedAndRepeatedEndsAsAnUndisturbedOne(String more) {
        Path calm = runs().run("calm", more, Progress.SILENT);
        assertThrows(SmallRuns.Stopped.class, () -> runs().run("stopped", more, new SmallRuns.StopAfter(5)));
        assertEquals(SmallRuns.results(calm), SmallRuns.results(runs().run("stopped", more, Progress.SILENT)));
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {
        "optimizer: {learning_rate: 0.01, method: adafactor}\nema: {decay: 0.8, save: last}",
        "optimizer: {learning_rate: 0.01, method: {adafactor: {beta1: 0.9}}}",
        "optimizer: {learning_rate: 0.01, method: muon, groups: [{matching: embed_tokens, factor: 0.1}]}",
        "optimizer: {learning_rate: 0.001, method: lion}",
        "optimizer: {learning_rate: 0.01, method: {adamw8bit: {}}, max_grad_norm: 0, rounding: stochastic}\n"
                + "memory: {recompute: layers, step: in_backward, optimizer_state: disk}",
        "optimizer: {learning_rate: 0.01, method: schedule_free_adamw, decay: constant, rounding: stochastic}"})
    void soDoesOneWithAnyOtherOptimiser(String more) {
        aRunStoppedAndRepeatedEndsAsAnUndisturbedOne(more);
    }
}
