package dev.socratic.trainer.plan.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.config.ByteSize;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.objective.Objective;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingMemoryTest {
    private static final long MB = 1_000_000;
    /// 100 words, 8 wide, 2 layers, 2 heads of which 1 key head, 16 inside: per layer 8 8 + 2 4 8 + 8 8 + 3 8 16 + 2 8.
    private static final ModelConfig TINY = ModelConfig.llama(100, 8, 2, 2, 1, 16, 512, true, SpecialTokens.none());
    private static final long NUMBERS = 100 * 8 + 2 * (64 + 64 + 64 + 384 + 16) + 8;
    private static final ModelConfig SMALL =
            ModelConfig.llama(32_000, 512, 8, 8, 8, 1536, 4096, true, SpecialTokens.none());

    private static TrainingMemory training(ModelConfig student, String more, ModelConfig... teachers) {
        TrainConfig config = ConfigReader.read("""
                student: {folder: {path: STUDENT}}
                budget: {steps: {n: 1}}
                """ + more, "config", TrainConfig.class);
        return new TrainingMemory(config, Objective.named(config.objective()), student, List.of(teachers),
                Compute.CPU, Compute.CPU, 0);
    }

    private static long during(TrainingMemory training, MemoryNeed.Moment moment, Component component) {
        return training.moments().stream().filter(need -> need.moment() == moment).findFirst().orElseThrow()
                .of(component);
    }

    @Test
    void weightsGradientsAndMomentsAreCountedByHand() {
        TrainingMemory training = training(TINY, "max_seq: 11\nmicro_tokens: 20\n");
        assertEquals(4 * NUMBERS, during(training, MemoryNeed.Moment.STEP, Component.WEIGHTS));
        // A tied head has a gradient of its own beside the embedding's.
        assertEquals(4 * (NUMBERS + 800), during(training, MemoryNeed.Moment.STEP, Component.GRADIENTS));
        assertEquals(8 * NUMBERS, during(training, MemoryNeed.Moment.STEP, Component.OPTIMIZER));
    }

    @Test
    void activationsOfALayerAreCountedByHand() {
        TrainingMemory training = training(TINY, "max_seq: 11\nmicro_tokens: 20\n");
        // A token in a layer keeps: stream 8, its unit 8, what is normed 8, twice; queries, keys, values, attended 8
        // each; gate, its bend, up, inner 16 each; two roots; log sums of 2 heads. Behind: stream, unit, root, states.
        long layer = 2 * 3 * 8 + 4 * 8 + 4 * 16 + 2 + 2;
        long states = 8 + 8 + 1 + 8;
        long beside = 2 * 8; // states at the loss tokens, and the gradient in them
        assertEquals(4 * 20 * (2 * layer + states + beside),
                during(training, MemoryNeed.Moment.LOSS, Component.ACTIVATIONS));
    }

    @Test
    void anAdapterHasNoMomentsOfItsBaseAndNoReferenceBesideIt() {
        TrainingMemory training = training(TINY, "max_seq: 11\nobjective: dpo\n"
                + "adapter: {lora: {r: 2, targets: {modules: [down_proj]}}}\n");
        long factors = 2 * 2 * (16 + 8);
        assertEquals(4 * (NUMBERS + factors), during(training, MemoryNeed.Moment.STEP, Component.WEIGHTS));
        assertEquals(4 * factors, during(training, MemoryNeed.Moment.STEP, Component.GRADIENTS));
        assertEquals(0, during(training, MemoryNeed.Moment.STEP, Component.REFERENCE));
    }

    /// The base keeps its own, for the factors switched off are the start.
    @Test
    void modulesThatLearnWholeBesideFactorsAreCopiesWithGradientsAndMoments() {
        TrainingMemory training = training(TINY, "max_seq: 11\nmicro_tokens: 20\nadapter: {lora: {r: 2, targets: "
                + "{modules: [down_proj]}, modules_to_save: [lm_head, model.norm]}}\n");
        long learned = 2 * 2 * (16 + 8) + 800 + 8;
        assertEquals(4 * (NUMBERS + learned), during(training, MemoryNeed.Moment.STEP, Component.WEIGHTS));
        assertEquals(4 * learned, during(training, MemoryNeed.Moment.STEP, Component.GRADIENTS));
        assertEquals(8 * learned, during(training, MemoryNeed.Moment.STEP, Component.OPTIMIZER));
    }

    @Test
    void eachSwitchTakesLessThanWithoutIt() {
        TrainingMemory training = training(SMALL, "max_seq: 513\nobjective: word_kd\n", SMALL);
        List<Switches> single = Switches.single(training);
        assertEquals(Switch.values().length + 1, single.size());
        single.forEach(one -> assertTrue(one.training().peak().total() < training.peak().total(), one.toString()));
    }

    @Test
    void whatIsProposedFitsAndLeavesTheNumbersAsTheyAreWhereThatIsEnough() {
        TrainingMemory training = training(SMALL, "max_seq: 513\nmicro_tokens: 8192\n");
        Switches some = Switches.fitting(training, training.peak().total() * 3 / 5).orElseThrow();
        assertTrue(some.training().peak().total() <= training.peak().total() * 3 / 5);
        assertEquals(List.of("micro_tokens: 2048"), some.yaml(training));
        assertEquals(Optional.empty(), Switches.fitting(training, 10 * MB));
    }

    /// What is pasted is read, and the training it makes takes what was said of it.
    @Test
    void switchesAreWrittenAsOneEntryAKeyThatIsReadAgain() {
        String more = "max_seq: 513\nmicro_tokens: 513\nobjective: word_kd\n";
        TrainingMemory training = training(SMALL, more, SMALL);
        List<Switch> on = List.of(Switch.PAGED, Switch.STREAMED_TEACHER, Switch.IN_BACKWARD, Switch.OFFLOAD,
                Switch.HALF, Switch.STOCHASTIC);
        assertTrue(Switch.together(Set.copyOf(on)));
        List<String> lines = Switch.yaml(on);
        assertEquals(List.of("memory: {optimizer_state: disk, teacher: streamed, recompute: layers, step: in_backward, "
                + "activations: disk}", "optimizer: {max_grad_norm: 0, rounding: stochastic}", "precision: bfloat16"),
                lines);
        TrainingMemory made = training;
        for (Switch one : on) {
            made = one.on(made).orElseThrow();
        }
        TrainingMemory pasted = training(SMALL, more + String.join("\n", lines), SMALL).in(FloatType.BFLOAT16);
        assertEquals(pasted.peak(), made.peak());
        assertTrue(made.peak().total() < training.peak().total() / 2, made.peak() + " of " + training.peak());
    }

    @Test
    void weightsInBfloat16HaveNarrowGradientsAndLieWideOneByOneWhileTheyChange() {
        TrainingMemory training = training(TINY, "max_seq: 11\nmicro_tokens: 20\noptimizer: {rounding: stochastic}\n");
        assertEquals(2 * NUMBERS, during(training, MemoryNeed.Moment.STEP, Component.WEIGHTS));
        assertEquals(2 * NUMBERS + 4 * 800, during(training, MemoryNeed.Moment.STEP, Component.GRADIENTS));
        assertEquals(8 * NUMBERS + 8 * 800, during(training, MemoryNeed.Moment.STEP, Component.OPTIMIZER));
    }

    @Test
    void theMicroBatchUnderALimitIsTheLargestThatFits() {
        TrainingMemory training = training(SMALL, "max_seq: 512\nmicro_tokens: 8192\n");
        long limit = training.peak().total() * 3 / 4;
        int tokens = MicroBatchSize.within(training, limit);
        assertEquals(0, tokens % 512);
        assertTrue(sized(tokens).peak().total() <= limit, () -> "" + tokens);
        assertTrue(sized(tokens + 512).peak().total() > limit, () -> "" + tokens);
        assertEquals(8192, MicroBatchSize.within(training, training.peak().total()));
    }

    private static TrainingMemory sized(int tokens) {
        return training(SMALL, "max_seq: 512\nmicro_tokens: %s\n".formatted(tokens));
    }

    @Test
    void aLimitThatNoMicroBatchFitsIsRefusedWithWhatWouldFit() {
        TrainingMemory training = training(SMALL, "max_seq: 513\n");
        ConfigException refused = assertThrows(ConfigException.class,
                () -> MicroBatchSize.within(training, 650 * MB));
        assertEquals("memory.limit: room for a micro-batch of one row of 513 tokens; got 0.61 GiB, and such a training "
                + "takes about 1.01 GiB while the loss is computed: optimizer 0.33 GiB, gradients 0.22 GiB, "
                + "activations 0.18 GiB, weights 0.16 GiB, logits 0.12 GiB; write optimizer: {method: adamw_8bit}, "
                + "memory: {recompute: layers, activations: disk}", refused.getMessage());
        ConfigException hopeless = assertThrows(ConfigException.class, () -> MicroBatchSize.within(training, MB));
        assertTrue(hopeless.getMessage().endsWith(
                "; take a smaller student or teacher, shorter rows (max_seq), or a larger limit"),
                hopeless.getMessage());
    }

    @Test
    void amountsOfMemoryAreReadAsPeopleWriteThem() {
        assertEquals(16_000_000_000L, ByteSize.of("16GB").orElseThrow().bytes());
        assertEquals(512L << 20, ByteSize.of("512 MiB").orElseThrow().bytes());
        assertEquals(1_500_000L, ByteSize.of("1.5MB").orElseThrow().bytes());
        for (String wrong : List.of("16", "GB", "-1GB", "16gb", "0GB", "")) {
            assertEquals(Optional.empty(), ByteSize.of(wrong), wrong);
        }
    }
}
