package dev.socratic.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.Problem;
import dev.socratic.trainer.objective.Objective;
import java.util.List;
import org.junit.jupiter.api.Test;

class FitTest {
    private static final ModelShape TEACHER = new ModelShape(100, 768, 12, 12, 4, 64);
    private static final ModelShape STUDENT = new ModelShape(100, 256, 4, 4, 2, 64);

    private static List<String> problems(String... terms) {
        Objective objective = ConfigReader.read("name: x\nterms: [" + String.join(", ", terms) + "]", "x",
                Objective.class);
        return Planner.fit(objective, STUDENT, TEACHER).stream().map(Problem::toString).toList();
    }

    @Test
    void allProblemsAreSaidAtOnceWithPlaceAndRemedy() {
        assertEquals(
                List.of(
                        "objective 'x'.terms[0]: equal widths for 'hidden' and 'mse'; got 256 in the student, 768 "
                                + "in the teacher; put 'project' among the views",
                        "objective 'x'.terms[1]: equally many heads on both sides for 'attention'; got 4 in the "
                                + "student, 12 in the teacher; "
                                + "take tap: queries, keys or values with {relation: {measure: dot, heads: n}}, "
                                + "which cuts both sides anew",
                        "objective 'x'.terms[2].layers: as many layers in the student as in the teacher, for "
                                + "one_to_one; got 4 and 12; write layers: uniform",
                        "objective 'x'.terms[3].layers.explicit: student layers 0 to 3, teacher layers 0 to 11; got "
                                + "[4, 11]; layers count from 0"),
                problems(
                        "{tap: hidden, distance: mse}",
                        "{tap: attention, layers: last, distance: kl}",
                        "{tap: hidden, views: [project], layers: one_to_one, distance: mse}",
                        "{tap: hidden, views: [project], layers: {explicit: {pairs: [[3, 11], [4, 11]]}}, distance: "
                                + "mse}"));
    }

    @Test
    void relationHeadsDivideBothWidthsAndTheRemedyIsTrue() {
        List<String> found =
                problems("{tap: queries, views: [{relation: {measure: dot, heads: 48}}], layers: last, distance: kl}");
        assertEquals(
                List.of("objective 'x'.terms[0].views[0].relation.heads: a divisor of both widths, 256 and 768; got "
                        + "48; "
                        + "choose one of 1, 2, 4, 8, 16, 32, 64, 128, 256"),
                found);
        assertEquals(List.of(),
                problems("{tap: queries, views: [{relation: {measure: dot, heads: 32}}], layers: last, distance: kl}"));
    }

    @Test
    void remediesMend() {
        assertEquals(List.of(), problems(
                "{tap: hidden, views: [project], layers: uniform, distance: mse}",
                "{tap: values, views: [{relation: {measure: dot, heads: 4}}], layers: last, distance: kl}",
                "{tap: hidden, views: [pool, {relation: {measure: euclidean}}], distance: smooth_l1}",
                "{tap: hidden, views: [energy, unit], layers: uniform, distance: mse}",
                "{tap: hidden, layers: uniform, distance: cka}"));
    }

    @Test
    void storedLogitsCannotGiveHiddenStates() {
        Objective objective =
                ConfigReader.read("name: x\nterms: [{distance: kl}, {tap: embedding, views: [project], distance: mse}]",
                        "x", Objective.class);
        assertEquals(
                List.of("objective 'x'.terms[1]: a term over logits, all that stored ones can give; "
                        + "got 'embedding [project {\"name\":\"\",\"width\":0}] -> mse {\"reduce\":\"mean\"} "
                        + "against teacher'; "
                        + "name the teacher's folder instead of a store, or remove the term"),
                Planner.unsupportedByStore(objective).stream().map(Problem::toString).toList());
    }
}
