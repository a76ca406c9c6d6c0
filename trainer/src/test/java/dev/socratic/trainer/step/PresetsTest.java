package dev.socratic.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.Problem;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Presets;
import dev.socratic.trainer.objective.View;
import dev.socratic.trainer.plan.Explanation;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Planner;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every preset in the folder: it is read, fits or says what it needs, and a few steps of it lower its own loss.
class PresetsTest {
    /// What compares widths or heads as they are needs a student as wide as the teacher, and says so.
    private static final Set<String> EQUAL_WIDTHS =
            Set.of("pkd", "distilbert", "mobile_bert", "sid", "alp_kd", "theseus", "diito");

    /// A single sampled token says little about whether a distance shrinks; where its gradient points is a test of
    /// its own.
    private static final Set<String> SAMPLED = Set.of("on_policy_sampled", "minillm", "rloo", "dr_grpo", "iw_opd");

    /// Their target moves away from the student, so that their own loss need not fall.
    private static final Set<String> MOVING = Set.of("taid");

    private static final int STEPS = 6;

    static Stream<String> names() {
        return Presets.names().stream().filter(name -> !SAMPLED.contains(name) && !MOVING.contains(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFewStepsLowerItsOwnLoss(String name) {
        Objective objective = Objective.named(name);
        for (ModelConfig student : List.of(TinyPair.NARROW, TinyPair.WIDE)) {
            List<Problem> problems = Planner.fit(objective, ModelShape.of(student), ModelShape.of(TinyPair.TEACHER));
            if (student == TinyPair.NARROW && EQUAL_WIDTHS.contains(name)) {
                assertFalse(problems.isEmpty(), name);
                assertTrue(problems.stream().noneMatch(problem -> problem.remedy().isEmpty()), problems.toString());
                continue;
            }
            assertEquals(List.of(), problems, name);
            lowers(objective, student, student == TinyPair.NARROW ? 0.1 : 0.95);
        }
    }

    private static void lowers(Objective objective, ModelConfig student, double progress) {
        try (TinyPair pair = new TinyPair(objective, student)) {
            double first = loss(pair.train(pair.data(), progress), student);
            for (int i = 1; i < STEPS; i++) {
                pair.train(pair.data(), progress);
            }
            Explanation last = pair.look(pair.data(), progress);
            assertTrue(loss(last, student) < 0.99 * first, "%s at %s: %s, then%n%s".formatted(objective.name(),
                    progress, first, last.text()));
        }
    }

    /// Angles in heads of one dimension, which is what 64 heads come to in a student of width 8: each is a sign,
    /// without a slope, and which way it goes is rounding. `mgskd`'s other terms must fall all the same.
    private static boolean isSigns(View view) {
        return view instanceof View.Relation relation
                && relation.measure() == View.Measure.ANGLE
                && relation.heads() > 1;
    }

    private static double loss(Explanation explanation, ModelConfig student) {
        return explanation.lines().stream()
                .filter(line -> student != TinyPair.NARROW
                        || line.term().views().stream().noneMatch(PresetsTest::isSigns))
                .mapToDouble(Explanation.Line::contribution)
                .sum();
    }

    @Test
    void aMovingTargetBringsTheStudentNearerToTheTeacher() {
        Objective objective = ConfigReader.read(
                "name: x\nterms: [{against: {blend: {teacher_weight: adaptive}}, distance: kl}, {distance: kl, "
                        + "weight: 0}]", "x",
                Objective.class);
        try (TinyPair pair = new TinyPair(objective, TinyPair.NARROW)) {
            double first = pair.train(pair.data(), 0.1).lines().getLast().mean();
            for (int i = 1; i < STEPS; i++) {
                pair.train(pair.data(), 0.1 + 0.15 * i);
            }
            assertTrue(pair.look(pair.data(), 0.95).lines().getLast().mean() < 0.9 * first);
            assertTrue(pair.objective.facts().get("teachers_share") > 0.9);
        }
    }

    @Test
    void everyFileIsNamedAsItIsAndSaysWhatItIs() {
        for (String name : Presets.names()) {
            Objective objective = Objective.named(name);
            assertEquals(name, objective.name());
            assertFalse(objective.about().isBlank(), name);
            assertTrue(objective.test().isPresent(), name);
        }
        assertEquals(List.of(), Presets.names().stream().filter(name -> !name.matches("[a-z0-9_]+")).toList());
    }
}
