package dev.socratic.curator.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every step keeps to.
public abstract class StepContract {
    @TempDir
    Path scratch;

    /// @return a fresh step, always the same
    protected abstract Step step(Path scratch);

    /// @return rows of which the step drops some and keeps some
    protected abstract List<Candidate> rows();

    @Test
    void someRowsStayAndSomeGo() {
        List<Decision> decisions = decide(rows());
        assertTrue(decisions.contains(Decision.KEEP), "none stays");
        assertTrue(decisions.stream().anyMatch(decision -> decision instanceof Decision.Drop), "none goes");
    }

    @Test
    void aFreshStepKeepsWhatWasKept() {
        List<Candidate> rows = rows();
        List<Decision> decisions = decide(rows);
        List<Candidate> kept = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (decisions.get(i) instanceof Decision.Keep) {
                kept.add(rows.get(i));
            }
        }
        assertTrue(decide(kept).stream().allMatch(decision -> decision instanceof Decision.Keep));
    }

    @Test
    void theSameRowsGiveTheSameDecisions() {
        assertEquals(decide(rows()), decide(rows()));
    }

    @Test
    void everyDropHasAReasonInSnakeCaseAndEvidence() {
        for (Decision decision : decide(rows())) {
            switch (decision) {
                case Decision.Keep keep -> {}
                case Decision.Drop drop -> {
                    assertTrue(drop.reason().matches("[a-z][a-z0-9_]*"), drop.reason());
                    assertFalse(drop.evidence().isEmpty());
                }
            }
        }
    }

    @Test
    void noRowIsChanged() {
        List<Candidate> rows = rows();
        List<ObjectNode> before = rows.stream().map(row -> row.json().deepCopy()).toList();
        decide(rows);
        assertEquals(before, rows.stream().map(Candidate::json).toList());
    }

    @Test
    void itsNameIsInSnakeCaseAndItsFactsAreTheSameEveryTime() {
        assertEquals(facts(), facts());
    }

    private ObjectNode facts() {
        try (Step step = step(scratch)) {
            assertTrue(step.name().matches("[a-z][a-z_]*"), step.name());
            judge(step, rows());
            return step.facts();
        }
    }

    private List<Decision> decide(List<Candidate> rows) {
        try (Step step = step(scratch)) {
            return judge(step, rows);
        }
    }

    private static List<Decision> judge(Step step, List<Candidate> rows) {
        rows.forEach(step::sample);
        if (step.looksAhead()) {
            rows.forEach(step::look);
        }
        return rows.stream().map(step::judge).toList();
    }
}
