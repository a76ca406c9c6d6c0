package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.data.BestFitDecreasing;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Edit;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Presets;
import dev.socratic.trainer.teacher.TeacherSide;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Loss and gradients are the same of rows end to end as of the same rows side by side: alone and in pairs, with a
/// teacher, several, the student's start, or none.
class PackingLaws {
    /// One of each kind of side; the wide check has all.
    private static final List<String> KINDS = List.of("sft", "dpo", "distillm_2", "by_tag");

    /// Chooses teachers by what it saw before.
    private static final Set<String> LEARNING = Set.of("rl_kd");

    static List<String> kinds() {
        return KINDS;
    }

    /// Those that read nothing inside the models, whose rows lie side by side.
    static Stream<String> presets() {
        return Presets.names().stream().filter(name -> !KINDS.contains(name) && !LEARNING.contains(name)
                && Objective.named(name).edit() instanceof Edit.None);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void rowsEndToEndTeachWhatTheyTeachSideBySide(String name, TestReporter report) {
        compare(name, report);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("presets")
    void rowsEndToEndTeachWhatTheyTeachSideBySideByEveryPreset(String name, TestReporter report) {
        compare(name, report);
    }

    private static void compare(String name, TestReporter report) {
        try (TinyPair pair = new TinyPair(Objective.named(name), TinyPair.WIDE)) {
            if (!pair.plan.featureTerms().isEmpty()) {
                return;
            }
            List<TokenRow> rows = pair.twoAnswers() ? TinyPair.pairs() : TinyPair.rows();
            List<MicroBatch> packs = BestFitDecreasing.of(rows, 60, 1);
            assertTrue(packs.size() > 1 && packs.stream().anyMatch(pack -> pack.tokens() < pack.ids().length),
                    "several packs, some of rows of several lengths");
            Seen plain = seen(pair, false, StepMemory.USUAL, packs);
            double gap = Math.max(plain.gap(seen(pair, true, StepMemory.USUAL, packs)),
                    plain.gap(seen(pair, true, RecomputeLaws.AGAIN, packs)));
            report.publishEntry(name, "" + gap);
            assertTrue(gap <= 1e-5, "largest difference " + gap);
        }
    }

    private record Seen(double loss, Map<String, float[]> gradients) {
        /// Of the loss, and of each gradient by its largest number.
        double gap(Seen other) {
            double most = Math.abs(loss - other.loss) / Math.max(1, Math.abs(loss));
            assertEquals(gradients.keySet(), other.gradients.keySet());
            for (Map.Entry<String, float[]> one : gradients.entrySet()) {
                float[] theirs = other.gradients.get(one.getKey());
                double largest = 1e-3;
                double gap = 0;
                for (int i = 0; i < theirs.length; i++) {
                    largest = Math.max(largest, Math.abs(theirs[i]));
                    gap = Math.max(gap, Math.abs(theirs[i] - one.getValue()[i]));
                }
                most = Math.max(most, gap / largest);
            }
            return most;
        }
    }

    private static Seen seen(TinyPair pair, boolean paddingFree, StepMemory memory,
            List<MicroBatch> batches) {
        List<Decoder> teachers = pair.assistant
                .map(second -> List.of(pair.teacher, second)).orElse(List.of(pair.teacher));
        try (NDManager scope = pair.manager.newSubManager();
                Backward backward = new Backward(pair.manager, pair.student,
                        TeacherSide.of(pair.plan, teachers, Optional.empty(), pair.vocabulary::select), pair.start,
                        pair.vocabulary, pair.weights, memory, paddingFree)) {
            Map<String, float[]> gradients = new LinkedHashMap<>();
            OptimizerStep step = new OptimizerStep(batches);
            backward.step(step, pair.objective.at(0.3));
            pair.objective.ended();
            double loss = pair.plan.explain(0.3, pair.objective.means(step.lossTokens(), step.samples())).lines()
                    .stream().mapToDouble(line -> line.contribution()).sum();
            Map<String, NDArray> all = backward.accumulation().gradients(scope);
            all.forEach((name, gradient) -> gradients.put(name, gradient.toFloatArray()));
            backward.accumulation().clear(all);
            return new Seen(loss, gradients);
        }
    }
}
