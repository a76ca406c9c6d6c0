package dev.socratic.datasets.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.row.Trace.Draw;
import dev.socratic.datasets.row.Trace.Prompt;
import dev.socratic.datasets.row.Trace.Teacher;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowIdsTest {
    private final Prompt prompt = new Prompt("chain_of_thought", "1", "ab");
    private final Teacher teacher = new Teacher("t", "weights:abc", "r");
    private final Draw draw = new Draw(new Sampling(0.7, 0.95), 256, 42, 0);

    @Test
    void theSameQuestionAlwaysHasTheSameId() {
        assertEquals(RowIds.question("How many?"), RowIds.question("How many?"));
        assertNotEquals(RowIds.question("How many?"), RowIds.question("How many? "));
        assertTrue(RowIds.question("How many?").matches("q_[0-9a-f]{16}"));
    }

    @Test
    void everythingThatChangesTheAnswerChangesTheIdOfItsTrace() {
        String id = RowIds.trace("q_1", prompt, teacher, draw);
        assertTrue(id.matches("t_[0-9a-f]{16}"));
        assertEquals(id, RowIds.trace("q_1", prompt, teacher, draw));
        assertNotEquals(id, RowIds.trace("q_2", prompt, teacher, draw));
        assertNotEquals(id, RowIds.trace("q_1", new Prompt("chain_of_thought", "1", "ac"), teacher, draw));
        assertNotEquals(id, RowIds.trace("q_1", prompt, new Teacher("t", "weights:abd", "r"), draw));
        for (Draw other : List.of(
                new Draw(new Sampling(0.7, 0.95), 256, 42, 1),
                new Draw(new Sampling(0.7, 0.95), 256, 41, 0),
                new Draw(new Sampling(0.7, 0.95), 255, 42, 0),
                new Draw(new Sampling(0.8, 0.95), 256, 42, 0),
                new Draw(new Sampling(0.7, 0.9), 256, 42, 0),
                new Draw(new Sampling(0.7, 0.95, 5, 0), 256, 42, 0),
                new Draw(new Sampling(0.7, 0.95, 0, 0.1), 256, 42, 0),
                new Draw(further(0.9, Penalties.NONE, Map.of()), 256, 42, 0),
                new Draw(further(1, new Penalties(1, 0, 0.2), Map.of()), 256, 42, 0),
                new Draw(further(1, Penalties.NONE, Map.of(3, 0.5)), 256, 42, 0))) {
            assertNotEquals(id, RowIds.trace("q_1", prompt, teacher, other), other.toString());
        }
    }

    private static Sampling further(double typicalP, Penalties penalties, Map<Integer, Double> biases) {
        return new Sampling(0.7, 0.95, 0, 0, typicalP, penalties, biases);
    }

    /// Ids that lie in the files of users.
    @Test
    void aTraceHasTheIdItAlwaysHad() {
        assertEquals("t_8fd2efc6a5f810ce", RowIds.trace("q_1", prompt, teacher, draw));
    }

    @Test
    void partsCannotRunIntoEachOther() {
        assertNotEquals(
                RowIds.trace("q_1", new Prompt("ab", "c", ""), teacher, draw),
                RowIds.trace("q_1", new Prompt("a", "bc", ""), teacher, draw));
    }
}
