package dev.socratic.datasets.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.datasets.row.Trace.Draw;
import dev.socratic.datasets.row.Trace.Prompt;
import dev.socratic.datasets.row.Trace.Teacher;
import org.junit.jupiter.api.Test;

class RowIdsTest {
    private final Prompt prompt = new Prompt("chain_of_thought", "1", "ab");
    private final Teacher teacher = new Teacher("t", "weights:abc", "r");
    private final Draw draw = new Draw(0.7, 0.95, 256, 42, 0);

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
        assertNotEquals(id, RowIds.trace("q_1", prompt, teacher, new Draw(0.7, 0.95, 256, 42, 1)));
        assertNotEquals(id, RowIds.trace("q_1", prompt, teacher, new Draw(0.8, 0.95, 256, 42, 0)));
    }

    @Test
    void partsCannotRunIntoEachOther() {
        assertNotEquals(
                RowIds.trace("q_1", new Prompt("ab", "c", ""), teacher, draw),
                RowIds.trace("q_1", new Prompt("a", "bc", ""), teacher, draw));
    }
}
