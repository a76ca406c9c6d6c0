package dev.socratic.curator.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.datasets.source.Exchange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    /// @return whether the step ever drops or edits a row
    protected boolean drops() {
        return true;
    }

    @Test
    void someRowsStayAndSomeGo() {
        List<Decision> decisions = decide(rows());
        assertTrue(decisions.stream().anyMatch(decision -> decision instanceof Decision.Keep), "none stays as it is");
        assertEquals(drops(), decisions.stream().anyMatch(decision -> !(decision instanceof Decision.Keep)),
                "some go, where the step drops");
    }

    @Test
    void aFreshStepKeepsWhatWasKept() {
        List<Candidate> rows = rows();
        List<Decision> decisions = decide(rows);
        List<Candidate> kept = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            switch (decisions.get(i)) {
                case Decision.Keep keep -> kept.add(rows.get(i));
                case Decision.Edit edit -> kept.add(edited(rows.get(i), edit));
                case Decision.Drop drop -> {}
            }
        }
        assertTrue(decide(kept).stream().allMatch(decision -> decision instanceof Decision.Keep));
    }

    @Test
    void theSameRowsGiveTheSameDecisions() {
        assertEquals(decide(rows()), decide(rows()));
    }

    @Test
    void everyDropAndEveryEditHasAReasonInSnakeCaseAndEvidence() {
        for (Decision decision : decide(rows())) {
            switch (decision) {
                case Decision.Keep keep -> {}
                case Decision.Edit edit -> hasAReason(edit.reason(), edit.evidence());
                case Decision.Drop drop -> hasAReason(drop.reason(), drop.evidence());
            }
        }
    }

    private static void hasAReason(String reason, ObjectNode evidence) {
        assertTrue(reason.matches("[a-z][a-z0-9_]*"), reason);
        assertFalse(evidence.isEmpty());
    }

    @Test
    void whatAnEditLeavesKeepsTheRowsIdAndDiffersFromIt() {
        List<Candidate> rows = rows();
        List<Decision> decisions = decide(rows);
        for (int i = 0; i < rows.size(); i++) {
            if (decisions.get(i) instanceof Decision.Edit edit) {
                assertNotEquals(rows.get(i).json(), edit.row());
                assertEquals(rows.get(i).json().path("id"), edit.row().path("id"));
            }
        }
    }

    @Test
    void scoresAndThresholdsSayWhatWasDecided() {
        try (Step step = step(scratch)) {
            List<Decision> decisions = judge(step, rows());
            for (Threshold threshold : step.thresholds()) {
                assertTrue(decisions.stream().anyMatch(one -> one.scores().values().containsKey(threshold.score())),
                        "no row has the score " + threshold.score());
            }
            for (Decision decision : decisions) {
                Set<String> broken = step.thresholds().stream()
                        .filter(threshold -> Optional.ofNullable(decision.scores().values().get(threshold.score()))
                                .filter(value -> !threshold.holds(value)).isPresent())
                        .map(Threshold::reason).collect(Collectors.toSet());
                Set<String> known = step.thresholds().stream().map(Threshold::reason).collect(Collectors.toSet());
                switch (decision) {
                    case Decision.Keep keep -> assertEquals(Set.of(), broken);
                    case Decision.Edit edit -> assertEquals(Set.of(), broken);
                    case Decision.Drop drop -> assertTrue(!known.contains(drop.reason())
                            || broken.contains(drop.reason()), drop + ": its score holds");
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

    private static Candidate edited(Candidate row, Decision.Edit edit) {
        Exchange exchange = Exchange.of(edit.row());
        String question = edit.row().path("question").asText(exchange.question());
        return new Candidate(exchange, row.id(), row.questionId(), row.isText() ? "" : question, row.gold());
    }

    private ObjectNode facts() {
        try (Step step = step(scratch)) {
            assertTrue(step.name().matches("[a-z][a-z0-9_]*"), step.name());
            judge(step, rows());
            return step.facts();
        }
    }

    private List<Decision> decide(List<Candidate> rows) {
        try (Step step = step(scratch)) {
            return judge(step, rows);
        }
    }

    /// @return what steps before this one measured of a row
    protected RowScores scores(Candidate row) {
        return RowScores.NONE;
    }

    private List<Decision> judge(Step step, List<Candidate> rows) {
        rows.forEach(step::sample);
        if (step.looksAhead()) {
            rows.forEach(row -> step.look(row, scores(row)));
            try {
                step.looked();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
        return rows.stream().map(row -> step.judge(row, scores(row))).toList();
    }
}
