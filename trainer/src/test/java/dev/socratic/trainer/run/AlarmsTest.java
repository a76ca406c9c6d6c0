package dev.socratic.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.Notes;
import dev.socratic.trainer.config.AlarmsConfig;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.rollout.WrittenHistory;
import dev.socratic.trainer.rollout.WrittenText;
import dev.socratic.trainer.step.Backward;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static WrittenText written(TokenRow... rows) {
        return WrittenText.of(List.of(MicroBatch.of(List.of(rows))), List.of(9L));
    }

    /// @return what is remembered after some steps alike
    private WrittenHistory steps(Alarms by, WrittenHistory history, int steps, double tokens, double cutOff,
            double entropy) {
        WrittenHistory now = history;
        for (int step = 0; step < steps; step++) {
            now = by.judged(now, new WrittenHistory.Seen(tokens, cutOff, Optional.of(entropy)), 100);
        }
        return now;
    }

    @Test
    void theLengthsOfAnswersAreInTheLog() {
        assertEquals("{answer_tokens=3.0, answer_tokens_ended=2.0, answer_tokens_max=4.0, answer_tokens_min=2.0, "
                + "unfinished_answers=0.5}",
                written(row(1, 2, 9), row(1, 2, 3, 4, 5)).metrics().toString());
        assertEquals(Map.of(), WrittenText.of(List.of(), List.of(9L)).metrics());
    }

    @Test
    void answersThatNoLongerEndAreToldOnceUntilItIsOver() {
        WrittenHistory now = steps(alarms, WrittenHistory.NONE, 40, 3, 0.66, 1);
        assertEquals(
                List.of("66 % of the answers of the last 20 written steps do not end: raise rollout max_new_tokens "
                        + "where answers are that long; "
                + "otherwise mix in the data's rows (rollout.student.fraction) or a term against labels"), notes);
        steps(alarms, steps(alarms, now, 40, 3, 0, 1), 40, 3, 0.66, 1);
        assertEquals(2, notes.size(), notes.toString());
    }

    @Test
    void answersThatEndAreNothingToTell() {
        steps(alarms, WrittenHistory.NONE, 60, 3, 0.5, 1);
        assertTrue(notes.isEmpty(), notes.toString());
    }

    @Test
    void ofTwoAnswersTheModelsOwnIsLookedAt() {
        assertEquals(1, written(row(1, 2, 9).withRejected(row(1, 2, 3, 4))).cutOff());
    }

    @Test
    void answersThatGrowShrinkOrLoseTheirEntropyAreMeasuredAgainstTheFirst() {
        AlarmsConfig stopping = ConfigReader.read("""
                steps: 4
                length_explosion: {factor: 2, then: stop}
                collapse: {entropy: 0.25, length: 0.5, then: stop}
                """, "alarms", AlarmsConfig.class);
        Alarms by = new Alarms(told, stopping);
        WrittenHistory first = steps(by, WrittenHistory.NONE, 4, 10, 0, 2);
        assertEquals(Optional.empty(), steps(by, first, 8, 20, 0, 2).stop());
        assertEquals("answers of the last 4 written steps are 2.1 times as long as the first",
                steps(by, first, 4, 21, 0, 2).stop().orElseThrow());
        assertEquals("answers of the last 4 written steps are 0.40 times as long as the first",
                steps(by, first, 4, 4, 0, 2).stop().orElseThrow());
        assertEquals("the student's entropy over the last 4 written steps is 0.20 times the first",
                steps(by, first, 4, 10, 0, 0.4).stop().orElseThrow());
        assertEquals(Optional.empty(), steps(by, first, 4, 10, 0, 0.5).stop());
    }

    @Test
    void aCollapseIsNotMendedByShorterAnswers() {
        ConfigException refused = assertThrows(ConfigException.class,
                () -> ConfigReader.read("collapse: {then: shorten}", "alarms", AlarmsConfig.class));
        assertEquals("alarms:1:18: collapse.then: warn or stop, for a collapse is not mended by shorter answers; got "
                + "shorten", refused.getMessage());
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
