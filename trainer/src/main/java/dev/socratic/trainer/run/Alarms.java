package dev.socratic.trainer.run;

import dev.socratic.core.run.Progress;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.step.Backward;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Signs that a run goes wrong while its loss falls. Each is told when it begins, and again only after it was over.
public final class Alarms {
    /// Steps of written answers that are looked at together: some hundred answers.
    private static final int STEPS = 20;
    /// Measurements in a row that must be worse.
    private static final int WORSE = 3;

    private final Progress progress;
    private final Deque<Double> unfinished = new ArrayDeque<>();
    private boolean endless;
    private Backward.Totals before = new Backward.Totals(Double.POSITIVE_INFINITY, 0);
    private int worse;

    public Alarms(Progress progress) {
        this.progress = progress;
    }

    /// Length explosion: a student that is taught on its own text may learn never to end.
    ///
    /// @param answers of the step, which a model wrote
    /// @param eos     ids that end an answer
    /// @return `answer_tokens`, the mean length, and `unfinished_answers`, the share that `max_new_tokens` or
    ///         `max_seq` cut off
    Map<String, Double> written(List<MicroBatch> answers, List<Long> eos) {
        List<TokenRow> rows = answers.stream().flatMap(Alarms::answers).toList();
        if (rows.isEmpty()) {
            return Map.of();
        }
        long cut = rows.stream().filter(row -> !eos.contains((long) row.ids()[row.ids().length - 1])).count();
        unfinished.addLast((double) cut / rows.size());
        if (unfinished.size() > STEPS) {
            unfinished.removeFirst();
        }
        double share = unfinished.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        if (unfinished.size() == STEPS && share > 0.5 && !endless) {
            progress.note(
                    String.format(Locale.ROOT,
                            "%.0f %% of the answers of the last %d written steps do not end: raise rollout "
                                    + "max_new_tokens where answers are that "
                    + "long; otherwise mix in the data's rows (rollout.student.fraction) or a term against labels",
                            100 * share,
                            STEPS));
        }
        endless = share > 0.5 && unfinished.size() == STEPS;
        // In one order: Map.of has another in every process, and the log is compared by bytes.
        return new TreeMap<>(Map.of(
                "answer_tokens", rows.stream().mapToInt(TokenRow::lossTokens).average().orElse(0),
                "unfinished_answers", unfinished.getLast()));
    }

    /// Of pairs, the second row is the model's own.
    private static Stream<TokenRow> answers(MicroBatch batch) {
        return batch.paired()
                ? IntStream.range(0, batch.pairs()).mapToObj(pair -> batch.tokenRows().get(2 * pair + 1))
                : batch.tokenRows().stream();
    }

    /// The held-out rows say something else than the training loss.
    void heldOut(Backward.Totals now) {
        worse = now.loss() > before.loss() && now.accuracy() < before.accuracy() ? worse + 1 : 0;
        before = now;
        if (worse == WORSE) {
            progress.note(
                    String.format(Locale.ROOT,
                            "on the held-out rows the loss has risen and the share of right tokens has fallen %d "
                                    + "times in a row, to %.4f and "
                    + "%.4f: the student learns its rows by heart, or the objective away from the task; take fewer "
                    + "passes or a lower learning rate", WORSE, now.loss(), now.accuracy()));
        }
    }
}
