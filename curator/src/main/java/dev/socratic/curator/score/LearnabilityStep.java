package dev.socratic.curator.score;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.curator.config.ScoreConfig.Learnability;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.step.Threshold;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How much of what the teacher knows of an answer the student does not know yet.
///
/// ```text
/// learnability = ( L_student(A|Q) - L_teacher(A|Q) ) / bytes of A       L in nats, over the whole answer
/// ```
/// The score of JEST (Evans et al. 2024, arXiv:2406.17711) and, with the teacher as the holdout model, the reducible
/// loss of RHO-LOSS (Mindermann et al. 2022, arXiv:2206.07137): low where the student knows the answer already, and
/// low where the teacher does not know it either, as with noise. Both papers take losses per example of one tokenizer;
/// here they are per byte of UTF-8, since a student may have a tokenizer of its own.
///
/// Both models are in memory together.
public final class LearnabilityStep implements Step {
    private static final String SCORE = "learnability";

    private final RowScorer student;
    private final RowScorer teacher;
    private final Cutoffs cutoffs;
    private int[] bytes = new int[64];
    private int judged;

    public LearnabilityStep(Learnability config, StepContext context) {
        this.student = new RowScorer("learnability.student", config.student(), config.prompt(), context);
        this.teacher = new RowScorer("learnability.teacher", config.teacher(), config.prompt(), context);
        this.cutoffs = new Cutoffs(name(), SCORE, config.limits());
    }

    @Override
    public String name() {
        return "learnability";
    }

    @Override
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void look(Candidate row) {
        if (student.rows() == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        bytes[student.rows()] = row.answer().getBytes(StandardCharsets.UTF_8).length;
        for (RowScorer scorer : List.of(student, teacher)) {
            scorer.add(row, (before, answer) -> List.of(new ScoreRequest(before, answer, true)));
        }
    }

    @Override
    public void looked() {
        student.finish();
        teacher.finish();
        for (int row = 0; row < student.rows(); row++) {
            if (student.get(row) instanceof RowScorer.Outcome.Scores own
                    && teacher.get(row) instanceof RowScorer.Outcome.Scores other) {
                cutoffs.add(measured(own, other, bytes[row]).get(SCORE));
            } else {
                cutoffs.addUnscored(why(row));
            }
        }
        cutoffs.close();
    }

    private String why(int row) {
        return student.get(row) instanceof RowScorer.Outcome.None none ? none.why()
                : teacher.get(row) instanceof RowScorer.Outcome.None none ? none.why() : "";
    }

    @Override
    public Decision judge(Candidate row) {
        int number = judged++;
        if (student.get(number) instanceof RowScorer.Outcome.Scores own
                && teacher.get(number) instanceof RowScorer.Outcome.Scores other) {
            return cutoffs.judge(new RowScores(measured(own, other, bytes[number])));
        }
        return cutoffs.judgeUnscored(why(number), RowScores.of(why(number), 1));
    }

    private static Map<String, Double> measured(RowScorer.Outcome.Scores own, RowScorer.Outcome.Scores other,
            int bytes) {
        double student = -own.all().getFirst().logProbability() / bytes;
        double teacher = -other.all().getFirst().logProbability() / bytes;
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(SCORE, student - teacher);
        values.put("student", student);
        values.put("teacher", teacher);
        return values;
    }

    @Override
    public List<Threshold> thresholds() {
        return cutoffs.thresholds();
    }

    @Override
    public ObjectNode facts() {
        return cutoffs.tell(JsonNodeFactory.instance.objectNode().put("student", student.asked())
                .put("teacher", teacher.asked()));
    }

    @Override
    public void close() {
        student.close();
        teacher.close();
    }
}
