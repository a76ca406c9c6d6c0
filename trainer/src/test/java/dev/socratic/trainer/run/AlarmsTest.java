package dev.socratic.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.trainer.Notes;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.step.Backward;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private final Notes told = new Notes();
    private final List<String> notes = told.lines;
    private final Alarms alarms = new Alarms(told);

    private static TokenRow row(int... ids) {
        boolean[] counts = new boolean[ids.length];
        java.util.Arrays.fill(counts, 1, ids.length, true);
        return new TokenRow(ids, counts);
    }

    private Map<String, Double> written(TokenRow... rows) {
        return alarms.written(List.of(MicroBatch.of(List.of(rows))), List.of(9L));
    }

    @Test
    void answersThatNoLongerEndAreToldOnceAndTheirLengthIsInTheLog() {
        assertEquals(Map.of("answer_tokens", 3.0, "unfinished_answers", 0.5),
                written(row(1, 2, 9), row(1, 2, 3, 4, 5)));
        for (int step = 0; step < 40; step++) {
            written(row(1, 2, 3), row(1, 2, 3), row(1, 9));
        }
        assertEquals(
                List.of("66 % of the answers of the last 20 written steps do not end: raise rollout max_new_tokens "
                        + "where answers are that long; "
                + "otherwise mix in the data's rows (rollout.student.fraction) or a term against labels"), notes);
    }

    @Test
    void answersThatEndAreNothingToTell() {
        for (int step = 0; step < 40; step++) {
            assertEquals(0, written(row(1, 2, 9)).get("unfinished_answers"));
        }
        assertTrue(notes.isEmpty(), notes.toString());
    }

    @Test
    void ofTwoAnswersTheModelsOwnIsLookedAt() {
        assertEquals(1, written(row(1, 2, 9).withRejected(row(1, 2, 3, 4))).get("unfinished_answers"));
    }

    @Test
    void aLossThatRisesThriceOnHeldOutRowsWhileFewerTokensAreRightIsTold() {
        double[][] measured = {{2.0, 0.5}, {1.5, 0.6}, {1.6, 0.59}, {1.7, 0.58}, {1.6, 0.6}, {1.7, 0.59}, {1.8, 0.58},
                {1.9, 0.57}, {2.0, 0.56}};
        for (double[] one : measured) {
            alarms.heldOut(new Backward.Totals(one[0], one[1]));
        }
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(notes.getFirst()
                .startsWith(
                        "on the held-out rows the loss has risen and the share of right tokens has fallen 3 times "
                                + "in a row, to 1.9000 and 0.5700: "), notes.toString());
    }
}
