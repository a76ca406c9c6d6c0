package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Presets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The whole loss of every preset on a pair of real models, by hand: from the raw signals, with the paper's formula
/// in double precision.
class WorkedPresetsTest {
    /// In the first stage and in the last, where there are several.
    private static final double[] PROGRESS = {0.15, 0.95};

    /// What compares widths as they are.
    private static final Set<String> EQUAL_WIDTHS = Set.of("distilbert", "pkd", "mobile_bert", "sid", "alp_kd");

    /// Values by hand or by the authors' code in tests of their own: pairs and drawn tokens, learned or random
    /// choices, edits, two tokenizers.
    private static final Map<String, List<String>> ELSEWHERE = Map.of(
            "AnswerParityTest", List.of("dpo", "simpo", "minillm", "distillm_2"),
            "RolloutsTest and AdvantagesTest", List.of("on_policy_sampled", "iw_opd"),
            "RewardTest", List.of("rloo", "dr_grpo", "verified_on_policy"),
            "CrossTokenizerParityTest", List.of("gold", "gold_off_policy", "dskd", "dskd_cma"),
            "TeachersTest, SampleWeightsTest and PolicyTest",
            List.of("mt_bert", "uncertainty", "dgkd", "rl_kd", "by_tag"),
            "ViewLaws and PeerParityTest", List.of("mgskd"),
            "PrivilegedTrainingTest", List.of("mopd"),
            "TheseusTest, InterchangeTest, PerturbedTest", List.of("theseus", "diito", "lrc_bert"));

    private static final Map<String, WorkedLogits.Formula> LOGITS = WorkedLogits.all();
    private static final Map<String, WorkedBodies.Formula> BODIES = WorkedBodies.all();

    static Stream<String> overLogits() {
        return LOGITS.keySet().stream();
    }

    static Stream<String> insideBodies() {
        return BODIES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("overLogits")
    void whatIsOverLogits(String name) {
        try (TinyPair pair = new TinyPair(Objective.named(name), TinyPair.NARROW)) {
            for (double progress : PROGRESS) {
                MicroBatch batch = batch();
                double[][] t = new Seen(pair.teacher, batch).logits();
                double[][] second = pair.assistant.map(decoder -> new Seen(decoder, batch).logits()).orElse(t);
                double[][] start = pair.start.map(decoder -> new Seen(decoder, batch).logits()).orElse(t);
                double[][] s = new Seen(pair.student, batch).logits();
                int[] labels = Arrays.stream(batch.labels()).mapToInt(Math::toIntExact).toArray();
                double byHand = LOGITS.get(name).of(new WorkedLogits(t, s, second, start, labels, progress));
                agree(name, byHand, pair.train(List.of(batch), progress).loss());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("insideBodies")
    void whatIsInsideTheBodies(String name) {
        ModelConfig student = EQUAL_WIDTHS.contains(name) ? TinyPair.WIDE : TinyPair.NARROW;
        try (TinyPair pair = new TinyPair(Objective.named(name), student)) {
            for (double progress : PROGRESS) {
                MicroBatch batch = batch();
                WorkedBodies seen = new WorkedBodies(seen(pair.teacher, batch), seen(pair.student, batch),
                        pair.objective.learned(), pair.plan, progress);
                double byHand = BODIES.get(name).of(seen);
                agree(name, byHand, pair.train(List.of(batch), progress).loss());
            }
        }
    }

    @Test
    void everyPresetIsHereOrInATestOfItsOwn() {
        Set<String> worked = new TreeSet<>(LOGITS.keySet());
        worked.addAll(BODIES.keySet());
        int named = worked.size() + ELSEWHERE.values().stream().mapToInt(List::size).sum();
        ELSEWHERE.values().forEach(worked::addAll);
        assertEquals(new TreeSet<>(Presets.names()), worked);
        assertEquals(named, worked.size(), "each once");
    }

    private static void agree(String name, double byHand, double loss) {
        assertTrue(byHand > 0, name);
        assertEquals(byHand, loss, 2e-5 * Math.max(1, byHand), name);
    }

    private static Seen seen(Decoder decoder, MicroBatch batch) {
        return new Seen(decoder, batch);
    }

    /// Three rows of different lengths, 13 counting tokens: one chunk of the vocabulary head.
    private static MicroBatch batch() {
        Random random = new Random(5);
        int[][] shapes = {{6, 2}, {5, 1}, {8, 3}}; // tokens, of which the prompt
        return MicroBatch.of(IntStream.range(0, shapes.length)
                .mapToObj(i -> {
                    boolean[] counts = new boolean[shapes[i][0]];
                    Arrays.fill(counts, shapes[i][1], counts.length, true);
                    return new TokenRow(random.ints(shapes[i][0], 0, TinyPair.VOCAB).toArray(), counts);
                })
                .toList());
    }
}
