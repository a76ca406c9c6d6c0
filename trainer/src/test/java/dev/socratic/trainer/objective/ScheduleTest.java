package dev.socratic.trainer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void everyScheduleStaysBetweenItsEndsFromStartToEnd() {
        assertEquals(7, Every.schedule().size());
        for (Schedule schedule : Every.schedule()) {
            double before = schedule.at(0);
            for (int i = 0; i <= 100; i++) {
                double now = schedule.at(i / 100.0);
                assertTrue(now >= before && now <= 1, schedule + " at " + i);
                before = now;
            }
        }
    }

    @Test
    void byHand() {
        assertEquals(0.25, new Schedule.Linear(0, 1, 0.5, 0.9).at(0.6), 1e-12);
        assertEquals(1, new Schedule.Linear(0, 1, 0.5, 0.9).at(0.95));
        assertEquals(0.5, new Schedule.Cosine(1, 0).at(0.5), 1e-12);
        assertEquals(List.of(3.0, 7.0),
                List.of(new Schedule.Step(0.5, 3, 7).at(0.499), new Schedule.Step(0.5, 3, 7).at(0.5)));
        Schedule stairs = new Schedule.Stairs(1 / 7.0, 1, 7, 1);
        assertEquals(1 / 7.0, stairs.at(0.14), 1e-12);
        assertEquals(2 / 7.0, stairs.at(0.15), 1e-12);
        assertEquals(1, stairs.at(1), 1e-12);
    }
}
