package dev.socratic.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.batch.MicroBatch;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Schedule;
import dev.socratic.trainer.rollout.Rollouts;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RolloutsTest {
    private static final Schedule ALWAYS = new Schedule.Constant(1);

    private static Rollouts rollouts(Rollout rollout, List<Long> eos) {
        return new Rollouts(rollout, eos, 20, 5);
    }

    private static Rollout student(double temperature) {
        return new Rollout.Student(ALWAYS, 6, temperature, 1);
    }

    @Test
    void theStudentContinuesThePromptsAndOnlyWhatItWroteCounts() {
        try (TinyPair pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW)) {
            List<MicroBatch> data = TinyPair.whole();
            MicroBatch mine = rollouts(student(1), List.of()).of(data, 1, 0, pair.student, Optional.empty()).getFirst();
            MicroBatch given = data.getFirst();
            assertEquals(given.rows(), mine.rows());
            assertEquals(6 * mine.rows(), mine.counting(), "six tokens a row, none of which ends it");
            for (int row = 0; row < mine.rows(); row++) {
                int first = first(mine, row);
                assertEquals(first(given, row), first, "the prompt ends where it did");
                for (int i = 0; i <= first; i++) {
                    assertEquals(given.ids()[row * given.seq() + i], mine.ids()[row * mine.seq() + i]);
                }
            }
        }
    }

    @Test
    void anAnswerEndsWithTheTokenThatEndsIt() {
        try (TinyPair pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW)) {
            List<Long> most = LongStream.range(0, TinyPair.VOCAB - 10).boxed().toList();
            MicroBatch mine = rollouts(student(1), most).of(TinyPair.whole(), 1, 0, pair.student, Optional.empty()).getFirst();
            assertTrue(mine.counting() < 6 * mine.rows());
            long ends = Arrays.stream(mine.labels()).filter(most::contains).count();
            assertTrue(ends <= mine.rows() && ends > 0, ends + " ends in " + mine.rows() + " rows");
        }
    }

    @Test
    void aStepIsWrittenTheSameAgainAndAnotherStepOtherwise() {
        try (TinyPair pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW)) {
            Rollouts rollouts = rollouts(student(1), List.of());
            long[] once = rollouts.of(TinyPair.whole(), 3, 0, pair.student, Optional.empty()).getFirst().labels();
            assertArrayEquals(once, rollouts.of(TinyPair.whole(), 3, 0, pair.student, Optional.empty()).getFirst().labels());
            assertFalse(Arrays.equals(once, rollouts.of(TinyPair.whole(), 4, 0, pair.student, Optional.empty()).getFirst().labels()));
        }
    }

    @Test
    void theShareIsThatOfTheStepsAndFollowsTheProgress() {
        try (TinyPair pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW)) {
            Rollouts growing = rollouts(new Rollout.Student(new Schedule.Linear(0, 1, 0, 1), 1, 1, 1), List.of());
            List<MicroBatch> data = TinyPair.whole();
            int[] own = new int[2];
            for (int step = 1; step <= 40; step++) {
                own[0] += growing.of(data, step, 0.25, pair.student, Optional.empty()) == data ? 0 : 1;
                own[1] += growing.of(data, step, 1, pair.student, Optional.empty()) == data ? 0 : 1;
            }
            assertTrue(own[0] > 2 && own[0] < 20, own[0] + " of 40 at a quarter");
            assertEquals(40, own[1]);
        }
    }

    @Test
    void theTeacherWritesWithItsOwnWeights() {
        try (TinyPair pair = new TinyPair(Objective.named("seq_kd"), TinyPair.NARROW)) {
            Rollouts greedy = rollouts(new Rollout.Teacher(ALWAYS, 6, 0, 1), List.of());
            long[] theirs = greedy.of(TinyPair.whole(), 1, 0, pair.student, Optional.of(pair.teacher)).getFirst().labels();
            long[] mine = rollouts(student(0), List.of()).of(TinyPair.whole(), 1, 0, pair.student, Optional.empty()).getFirst().labels();
            assertFalse(Arrays.equals(theirs, mine));
        }
    }

    @Test
    void everyRolloutPresetLowersItsOwnLossOnWhatIsWritten() {
        for (String name : List.of("gkd", "on_policy", "distillm", "seq_kd")) {
            Objective objective = Objective.named(name);
            try (TinyPair pair = new TinyPair(objective, TinyPair.NARROW)) {
                Rollouts rollouts = rollouts(objective.rollout(), List.of());
                List<MicroBatch> first = rollouts.of(TinyPair.whole(), 1, 0.9, pair.student, Optional.of(pair.teacher));
                double before = pair.look(first, 0.9).loss();
                pair.clear();
                for (int step = 1; step <= 12; step++) {
                    pair.train(rollouts.of(TinyPair.whole(), step, 0.9, pair.student, Optional.of(pair.teacher)), 0.9);
                }
                double after = pair.look(rollouts.of(TinyPair.whole(), 1, 0.9, pair.student, Optional.of(pair.teacher)), 0.9).loss();
                assertTrue(after < before, name + ": " + before + ", then " + after);
            }
        }
    }

    /// The advantage of a token is how much likelier the teacher finds it: pushing its probability up where that is positive lowers reverse KL.
    @Test
    void theSampledGradientPointsWhereTheDenseOneDoes() {
        Objective dense = Objective.named("on_policy");
        Objective sampled = Objective.named("on_policy_sampled");
        Rollouts rollouts = new Rollouts(new Rollout.Student(ALWAYS, 12, 1, 1), List.of(), 30, 5);
        double product = 0;
        double a = 0;
        double b = 0;
        try (TinyPair one = new TinyPair(dense, TinyPair.NARROW);
                TinyPair two = new TinyPair(sampled, TinyPair.NARROW)) {
            for (int step = 1; step <= 12; step++) {
                List<MicroBatch> written = rollouts.of(TinyPair.whole(), step, 0, one.student, Optional.empty());
                one.look(written, 0);
                two.look(written, 0);
            }
            try (var scope = one.manager.newSubManager(); var other = two.manager.newSubManager()) {
                float[] g = one.gradients(scope).get("lm_head.weight").toFloatArray();
                float[] h = two.gradients(other).get("lm_head.weight").toFloatArray();
                for (int i = 0; i < g.length; i++) {
                    product += g[i] * h[i];
                    a += g[i] * g[i];
                    b += h[i] * h[i];
                }
            }
        }
        assertTrue(product / Math.sqrt(a * b) > 0.3, "cosine " + product / Math.sqrt(a * b));
    }

    @Test
    void aSampledEstimateWithoutTheStudentsOwnTextIsRefused() {
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read(
                "name: x\nterms: [{distance: {kl: {direction: reverse, estimate: sampled}}}]", "x", Objective.class));
        assertTrue(refused.getMessage().endsWith(
                "kl.estimate: sampled needs the student's own text; got rollout 'data'; write rollout: student, or estimate: dense"), refused.getMessage());
    }

    private static int first(MicroBatch batch, int row) {
        return (int) Arrays.stream(batch.positions()).filter(place -> place / batch.seq() == row).findFirst().orElseThrow() % batch.seq();
    }
}
