package dev.socratic.curator.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.socratic.curator.config.StepConfig.Select;
import dev.socratic.curator.config.StepConfig.Select.Order;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectStepTest {
    private static final List<Candidate> ROWS = List.of(
            Answers.row("q", 0, "a b c d e f g h", "1"),
            Answers.row("q", 1, "a b c d e f g", "1"),
            Answers.row("q", 2, "a b c d e f g i", "1"),
            Answers.row("q", 3, "something else entirely", "1"));

    @TempDir
    Path scratch;

    @Test
    void eachOrderPutsItsOwnAnswersFirst() {
        assertEquals(List.of(1), kept(Order.SHORTEST, 1));
        assertEquals(List.of(3), kept(Order.LONGEST, 1));
        assertEquals(List.of(0, 1), kept(Order.FIRST, 2));
        assertEquals(List.of(1, 3), kept(Order.DIVERSE, 2));
    }

    @Test
    void theDrawDependsOnTheSeedAndNotOnTheOrder() {
        List<Candidate> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(Answers.row("q", i, "step " + i, "1"));
        }
        TreeSet<String> drawn = ids(Order.RANDOM, 10, 1, many);
        Collections.shuffle(many, new Random(3));
        assertEquals(drawn, ids(Order.RANDOM, 10, 1, many));
        assertNotEquals(drawn, ids(Order.RANDOM, 10, 2, many));
    }

    @Test
    void theEvidenceNamesTheAnswersThatStayed() {
        SelectStep step = new SelectStep(new Select(1, Order.SHORTEST, 1), scratch);
        ROWS.forEach(step::look);
        Decision.Drop drop = (Decision.Drop) step.judge(ROWS.getFirst());
        assertEquals(
                "{\"by\":\"shortest\",\"per_question\":1,\"answers\":4,\"kept_ids\":[\"" + ROWS.get(1).id() + "\"]}",
                drop.evidence().toString());
    }

    private List<Integer> kept(Order order, int k) {
        SelectStep step = new SelectStep(new Select(k, order, 1), scratch);
        ROWS.forEach(step::look);
        return ROWS.stream().filter(row -> step.judge(row) == Decision.KEEP)
                .map(row -> row.trace().orElseThrow().sampling().index()).toList();
    }

    private TreeSet<String> ids(Order order, int k, long seed, List<Candidate> rows) {
        SelectStep step = new SelectStep(new Select(k, order, seed), scratch);
        rows.forEach(step::look);
        TreeSet<String> ids = new TreeSet<>();
        rows.stream().filter(row -> step.judge(row) == Decision.KEEP).forEach(row -> ids.add(row.id()));
        return ids;
    }
}
