package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.Sampling;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Rollout;
import dev.socratic.trainer.objective.Schedule;
import dev.socratic.trainer.plan.Explanation;
import dev.socratic.trainer.rollout.RolloutState;
import dev.socratic.trainer.rollout.Rollouts;
import dev.socratic.trainer.teacher.TeacherSide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RolloutsTest {
    private static final Schedule ALWAYS = new Schedule.Constant(1);

    private static Rollouts rollouts(Rollout rollout, List<Long> eos) {
        return new Rollouts(rollout, eos, 20, 5);
    }

    private static Rollout student(double temperature) {
        return new Rollout.Student(ALWAYS, 6, new Sampling(temperature, 1));
    }

    @Test
    void theStudentContinuesThePromptsAndOnlyWhatItWroteCounts() {
        try (TinyPair pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW)) {
            List<MicroBatch> data = TinyPair.whole();
            MicroBatch mine = rollouts(student(1), List.of()).of(data, 1, 0, pair.student, Optional.empty()).getFirst();
            MicroBatch given = data.getFirst();
            assertEquals(given.rows(), mine.rows());
            assertEquals(6 * mine.rows(), mine.lossTokens(), "six tokens a row, none of which ends it");
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
            MicroBatch mine = rollouts(student(1), most).of(TinyPair.whole(), 1, 0, pair.student, Optional.empty())
                    .getFirst();
            assertTrue(mine.lossTokens() < 6 * mine.rows());
            long ends = Arrays.stream(mine.labels()).filter(most::contains).count();
            assertTrue(ends <= mine.rows() && ends > 0, ends + " ends in " + mine.rows() + " rows");
        }
    }

    @Test
    void aStepIsWrittenTheSameAgainAndAnotherStepOtherwise() {
        try (TinyPair pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW)) {
            Rollouts rollouts = rollouts(student(1), List.of());
            long[] once = rollouts.of(TinyPair.whole(), 3, 0, pair.student, Optional.empty()).getFirst().labels();
            assertArrayEquals(once,
                    rollouts.of(TinyPair.whole(), 3, 0, pair.student, Optional.empty()).getFirst().labels());
            assertFalse(
                    Arrays.equals(once,
                            rollouts.of(TinyPair.whole(), 4, 0, pair.student, Optional.empty()).getFirst().labels()));
        }
    }

    @Test
    void theShareIsThatOfTheStepsAndFollowsTheProgress() {
        try (TinyPair pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW)) {
            Rollouts growing = rollouts(new Rollout.Student(new Schedule.Linear(0, 1, 0, 1), 1, Sampling.PLAIN),
                    List.of());
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
            Rollouts greedy = rollouts(new Rollout.Teacher(ALWAYS, 6, Sampling.GREEDY), List.of());
            long[] theirs = greedy.of(TinyPair.whole(), 1, 0, pair.student, Optional.of(pair.teacher)).getFirst()
                    .labels();
            long[] mine = rollouts(student(0), List.of()).of(TinyPair.whole(), 1, 0, pair.student, Optional.empty())
                    .getFirst().labels();
            assertFalse(Arrays.equals(theirs, mine));
        }
    }

    @Test
    void everyRolloutPresetLowersItsOwnLossOnWhatIsWritten() {
        for (String name : List.of("gkd", "on_policy", "seq_kd")) {
            Objective objective = Objective.named(name);
            try (TinyPair pair = new TinyPair(objective, TinyPair.NARROW)) {
                Rollouts rollouts = rollouts(objective.rollout(), List.of());
                List<MicroBatch> first = rollouts.of(TinyPair.whole(), 1, 0.9, pair.student, Optional.of(pair.teacher));
                double before = pair.look(first, 0.9).loss();
                pair.clear();
                for (int step = 1; step <= 12; step++) {
                    pair.train(rollouts.of(TinyPair.whole(), step, 0.9, pair.student, Optional.of(pair.teacher)), 0.9);
                }
                double after = pair.look(rollouts.of(TinyPair.whole(), 1, 0.9, pair.student, Optional.of(pair.teacher)),
                        0.9).loss();
                assertTrue(after < before, name + ": " + before + ", then " + after);
            }
        }
    }

    /// The advantage of a token is how much likelier the teacher finds it: pushing its probability up where that is
    /// positive lowers reverse KL.
    @Test
    void theSampledGradientPointsWhereTheDenseOneDoes() {
        double cosine = cosine(Objective.named("on_policy_sampled"));
        assertTrue(cosine > 0.3, "cosine " + cosine);
    }

    /// Returns are the same gradient and what a token changes for those behind it; they scatter more.
    @Test
    void theGradientOfReturnsPointsThereToo() {
        double cosine = cosine(ConfigReader.read("""
                name: returns
                rollout: student
                terms: [{distance: {kl: {direction: reverse, estimate: {sampled: {discount: 1, per_token: true}}}}}]
                """, "x", Objective.class));
        assertTrue(cosine > 0.1, "cosine " + cosine);
    }

    private static double cosine(Objective sampled) {
        Objective dense = Objective.named("on_policy");
        Rollouts rollouts = new Rollouts(new Rollout.Student(ALWAYS, 12, Sampling.PLAIN), List.of(), 30, 5);
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
        return product / Math.sqrt(a * b);
    }

    @Test
    void besideTheDatasRowsStayAndEachHasTheStudentsAnswerToItsPromptBesideIt() {
        try (TinyPair pair = new TinyPair(Objective.named("distillm_2"), TinyPair.NARROW)) {
            Rollouts rollouts = rollouts(new Rollout.Student(ALWAYS, 6, Sampling.PLAIN, true, 0, Optional.empty()),
                    List.of());
            MicroBatch given = TinyPair.whole().getFirst();
            MicroBatch both = rollouts.of(TinyPair.whole(), 1, 0, pair.student, Optional.empty()).getFirst();
            assertTrue(both.paired());
            assertEquals(2 * given.rows(), both.rows());
            assertArrayEquals(given.labels(), both.chosenOnly().labels());
            for (int row = 0; row < given.rows(); row++) {
                assertEquals(first(both, 2 * row), first(both, 2 * row + 1), "both answer the same prompt");
            }
        }
    }

    @Test
    void aPromptWithoutRoomStaysAloneAndItsNeighboursAreAnswered() {
        try (TinyPair pair = new TinyPair(Objective.named("distillm_2"), TinyPair.NARROW)) {
            MicroBatch given = TinyPair.whole().getFirst();
            int longest = given.tokenRows().stream().mapToInt(TokenRow::promptLength).max().orElseThrow();
            assertTrue(given.tokenRows().stream().mapToInt(TokenRow::promptLength).min().orElseThrow() < longest,
                    "prompts of different lengths");
            Rollouts rollouts = new Rollouts(new Rollout.Student(ALWAYS, 6, Sampling.PLAIN, true, 0, Optional.empty()),
                    List.of(), longest, 1);
            List<MicroBatch> step = rollouts.of(TinyPair.whole(), 1, 0, pair.student, Optional.empty());
            int alone = (int) given.tokenRows().stream().filter(row -> row.promptLength() == longest).count();
            assertEquals(List.of(true, false), step.stream().map(MicroBatch::paired).toList());
            assertEquals(2 * (given.rows() - alone), step.getFirst().rows());
            assertEquals(alone, step.getLast().rows());
            int kept = IntStream.range(0, step.getFirst().pairs())
                    .map(at -> step.getFirst().tokenRows().get(2 * at).inputLength()).sum();
            assertEquals(given.tokens(), kept + step.getLast().tokens(), "no row of the data is lost");
        }
    }

    /// A share of 1 would be the teacher's text; what is drawn must be likelier under the mixture than under the
    /// student alone.
    @Test
    void mixedDrawsComeFromBothDistributions() {
        try (TinyPair pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW)) {
            Rollouts alone = rollouts(new Rollout.Student(ALWAYS, 6, Sampling.PLAIN, false, 0.0001, Optional.empty()),
                    List.of());
            Rollouts mostly = rollouts(new Rollout.Student(ALWAYS, 6, Sampling.PLAIN, false, 0.9999, Optional.empty()),
                    List.of());
            double own = 0;
            double theirs = 0;
            for (int step = 1; step <= 3; step++) {
                own += teachersLoss(pair, alone.of(TinyPair.whole(), step, 0, pair.student, Optional.of(pair.teacher)));
                theirs += teachersLoss(pair,
                        mostly.of(TinyPair.whole(), step, 0, pair.student, Optional.of(pair.teacher)));
            }
            assertTrue(theirs < own - 0.5,
                    "nats a token for the teacher: %s of its own text, %s of the student's".formatted(theirs / 3,
                            own / 3));
        }
    }

    private static double teachersLoss(TinyPair pair, List<MicroBatch> text) {
        try (Backward backward = new Backward(pair.manager, pair.teacher, new TeacherSide.None(), Optional.empty(),
                        pair.vocabulary, pair.teacher.weights())) {
            return backward.score(text).loss();
        }
    }

    @Test
    void keptAnswersAreUsedAgainOnceTheirPlaceIsFullAndTheOldestGoFirst() {
        try (TinyPair pair = new TinyPair(Objective.named("on_policy"), TinyPair.NARROW)) {
            Rollouts rollouts = rollouts(
                    new Rollout.Student(ALWAYS, 6, Sampling.PLAIN, false, 0,
                            Optional.of(new Rollout.Replay(20, new Schedule.Constant(0)))), List.of());
            RolloutState rolloutState = RolloutState.EMPTY;
            List<RolloutState> all = new ArrayList<>();
            for (int step = 1; step <= 4; step++) {
                Rollouts.RolloutStep written = rollouts.of(TinyPair.whole(), step, 0, pair.student, Optional.empty(),
                        rolloutState);
                rolloutState = written.state();
                all.add(rolloutState);
                assertEquals(9, written.batches().getFirst().rows());
            }
            assertEquals(List.of(9, 18, 20, 20), all.stream().map(now -> now.replayBuffer().size()).toList());
            assertEquals(all.get(2), all.get(3), "the fourth step draws from what is kept");
            assertEquals(all.get(0).replayBuffer().get(7), all.get(2).replayBuffer().getFirst(),
                    "27 were written, 20 are kept");
            Set<RolloutState.Replayed> known = new HashSet<>(rolloutState.replayBuffer());
            assertEquals(20, known.size());
        }
    }

    @Test
    void whatIsWrittenOnceIsLearnedFromAgainByTheProbabilitiesItWasDrawnWith() {
        Objective objective = ConfigReader.read("""
                name: thrice
                rollout: {student: {keep_data: true, teacher_mix: 0.2, updates: 3, max_new_tokens: 6}}
                terms: [{on: on_policy, distance: {kl: {direction: reverse,
                          estimate: {sampled: {discount: 1, clip: 0.2}}}}}]
                """, "x", Objective.class);
        try (TinyPair pair = new TinyPair(objective, TinyPair.NARROW)) {
            Rollouts rollouts = rollouts(objective.rollout(), List.of());
            Rollouts.RolloutStep first = rollouts.of(TinyPair.parts(), 1, 0, pair.student, Optional.of(pair.teacher),
                    RolloutState.EMPTY);
            double before = pair.train(first.batches(), 0).loss();
            RolloutState rolloutState = first.state().withOldLogProbs(first.batches(), pair.objective.drawn());
            rolloutState = Json.read(Json.pretty(rolloutState), RolloutState.class, "memory");

            Rollouts.RolloutStep second = rollouts.reuse(rolloutState).orElseThrow();
            assertEquals(first.batches().size(), second.batches().size());
            for (int i = 0; i < first.batches().size(); i++) {
                assertArrayEquals(first.batches().get(i).labels(), second.batches().get(i).labels());
                List<TokenRow> rows = second.batches().get(i).tokenRows();
                for (int row = 0; row < rows.size(); row++) {
                    assertEquals(row % 2 == 1 ? rows.get(row).lossTokens() : 0,
                            rows.get(row).oldLogProbs().map(logs -> logs.length).orElse(0));
                }
            }
            double after = pair.train(second.batches(), 0).loss();
            assertTrue(after < before,
                    "advantages stay, and what has one grows likelier: " + before + ", then " + after);
            assertTrue(pair.objective.facts().get("outside_clip") > 0);
            assertEquals(Map.of(), pair.objective.drawn());
            Rollouts.RolloutStep third = rollouts.reuse(second.state()).orElseThrow();
            assertEquals(Optional.empty(), rollouts.reuse(third.state()));
        }
    }

    @Test
    void aDrivenShareRisesWhenTheHeldOutLossHasRisenByItsTolerance() {
        Rollout.Student driven = (Rollout.Student) Objective.named("distillm").rollout();
        RolloutState rolloutState = RolloutState.EMPTY;
        List<Double> shares = new ArrayList<>();
        for (double loss : new double[] {3, 3.05, 3.1, 3.15, 3.25}) {
            rolloutState = rolloutState.withHeldOutLoss(driven, loss);
            shares.add(rollouts(driven, List.of()).studentProbability(driven, 0.5, rolloutState));
        }
        assertEquals(List.of(0.0, 0.0, 0.1, 0.1, 0.2), shares);
        assertEquals(Optional.of(3.25), rolloutState.heldOutLoss());
    }

    @Test
    void whatARunRemembersIsReadBackAsWritten() {
        RolloutState rolloutState = new RolloutState(2, Optional.of(1.5),
                List.of(new RolloutState.Replayed(new int[] {1, 2, 3}, 1, 0, Optional.empty())),
                new TreeMap<>(Map.of(1, new RolloutState.Anchor(0.5, 3, 2))));
        RolloutState read = Json.read(Json.pretty(rolloutState), RolloutState.class, "memory");
        assertEquals(Json.pretty(rolloutState), Json.pretty(read));
        assertArrayEquals(rolloutState.replayBuffer().getFirst().ids(), read.replayBuffer().getFirst().ids());
        assertEquals(rolloutState.anchors(), read.anchors());
    }

    /// The policy gradient has no value that must fall; what stands beside it has.
    @Test
    void minillmLowersWhatStandsBesideItsPolicyGradient() {
        try (TinyPair pair = new TinyPair(Objective.named("minillm"), TinyPair.NARROW)) {
            Rollouts rollouts = rollouts(new Rollout.Student(ALWAYS, 6, Sampling.PLAIN, true, 0.2, Optional.empty()),
                    List.of());
            double before =
                    beside(pair.look(rollouts.of(TinyPair.whole(), 1, 0, pair.student, Optional.of(pair.teacher)), 0));
            pair.clear();
            for (int step = 1; step <= 8; step++) {
                pair.train(rollouts.of(TinyPair.whole(), step, 0, pair.student, Optional.of(pair.teacher)), 0);
            }
            double after =
                    beside(pair.look(rollouts.of(TinyPair.whole(), 1, 0, pair.student, Optional.of(pair.teacher)), 0));
            assertTrue(after < 0.95 * before, before + ", then " + after);
        }
    }

    private static double beside(Explanation explanation) {
        return explanation.lines().stream().skip(1).mapToDouble(Explanation.Line::contribution).sum();
    }

    @Test
    void aSampledEstimateWithoutTheStudentsOwnTextIsRefused() {
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read(
                "name: x\nterms: [{distance: {kl: {direction: reverse, estimate: sampled}}}]", "x", Objective.class));
        assertTrue(refused.getMessage().endsWith(
                "kl.estimate: sampled needs the student's own text; got rollout 'data'; write rollout: student, or "
                        + "estimate: dense"), refused.getMessage());
    }

    private static int first(MicroBatch batch, int row) {
        return (int) Arrays.stream(batch.lossPositions()).filter(place -> place / batch.seq() == row).findFirst()
                .orElseThrow() % batch.seq();
    }
}
