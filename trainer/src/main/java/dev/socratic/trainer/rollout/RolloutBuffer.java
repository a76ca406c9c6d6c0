package dev.socratic.trainer.rollout;

import dev.socratic.trainer.data.Graded;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TeacherRow;
import dev.socratic.trainer.data.TokenRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One step of rollouts, kept for further updates: the same rows in the same micro-batches, with the log-probabilities
/// they were sampled with (the *old* ones of an importance ratio `exp(log q_now - log q_old)`).
///
/// With `updates: 4` a step is sampled once and learned from four times; `updatesLeft` goes 3, 2, 1 and the buffer is
/// gone. The first update fills in `oldLogProbs`: there `q_now = q_old` and every ratio is 1; a token whose
/// log-probability was -2 then and is -1.9 now weighs `exp(0.1) = 1.105` in the second. No data is read while the
/// buffer holds anything, and it is part of every checkpoint.
///
/// @param updatesLeft how many updates are still to come
/// @param batches     the step's micro-batches
public record RolloutBuffer(int updatesLeft, List<Batch> batches) {
    public RolloutBuffer {
        batches = List.copyOf(batches);
    }

    /// @param paired whether rows come in pairs
    public record Batch(boolean paired, List<Row> rows) {
        public Batch {
            rows = List.copyOf(rows);
        }

        static Batch of(MicroBatch batch) {
            return new Batch(batch.paired(),
                    batch.tokenRows().stream()
                            .map(row -> new Row(row.ids(), row.lossMask(), row.oldLogProbs(), row.graded(),
                                    row.number(),
                                    row.teacherRow().map(TeacherRow::prompt)))
                            .toList());
        }

        MicroBatch batch() {
            List<TokenRow> all = rows.stream()
                    .map(Row::row)
                    .toList();
            if (!paired) {
                return MicroBatch.of(all);
            }
            List<TokenRow> pairs = new ArrayList<>();
            for (int i = 0; i < all.size(); i += 2) {
                pairs.add(all.get(i).withRejected(all.get(i + 1)));
            }
            return MicroBatch.of(pairs);
        }

        private boolean finite() {
            return rows.stream().flatMap(row -> row.oldLogProbs().stream()).allMatch(Batch::finite);
        }

        private static boolean finite(float[] logs) {
            for (float log : logs) {
                if (!Float.isFinite(log)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// @param oldLogProbs log-probability of each loss token when it was drawn; empty for rows of the data
    /// @param graded        what it was found worth
    /// @param number        of the row of the data that it is, or whose prompt it answers
    /// @param teacherPrompt what stands before the answer for the teacher, where that is another prompt
    public record Row(int[] ids, boolean[] lossMask, Optional<float[]> oldLogProbs, Optional<Graded> graded, int number,
            Optional<int[]> teacherPrompt) {
        TokenRow row() {
            TokenRow row = new TokenRow(ids, lossMask).withOldLogProbs(oldLogProbs).withGraded(graded)
                    .withNumber(number);
            return teacherPrompt.map(prompt ->
                    row.withTeacherRow(TeacherRow.behind(prompt, row, Optional.empty()))).orElse(row);
        }
    }

    static RolloutBuffer of(List<MicroBatch> step, int left) {
        return new RolloutBuffer(left, step.stream().map(Batch::of).toList());
    }

    List<MicroBatch> microBatches() {
        return batches.stream().map(Batch::batch).toList();
    }

    /// @return the same with one update less; empty where that was the last
    Optional<RolloutBuffer> afterUpdate() {
        return updatesLeft > 1 ? Optional.of(new RolloutBuffer(updatesLeft - 1, batches)) : Optional.empty();
    }

    /// @param step  the step as it was made of this
    /// @param drawn what its first update saw, by row of the step
    /// @return the same with that; empty where it is no numbers, so that the next step is written anew
    Optional<RolloutBuffer> withOldLogProbs(List<MicroBatch> step, Map<TokenRow, float[]> drawn) {
        List<Batch> now = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            List<TokenRow> origin = step.get(i).tokenRows();
            List<Row> rows = new ArrayList<>();
            for (Row row : batches.get(i).rows()) {
                TokenRow made = origin.get(rows.size());
                rows.add(new Row(row.ids(), row.lossMask(),
                        row.oldLogProbs().or(() -> Optional.ofNullable(drawn.get(made))), row.graded(), row.number(),
                        row.teacherPrompt()));
            }
            now.add(new Batch(batches.get(i).paired(), rows));
        }
        return now.stream().allMatch(Batch::finite)
                ? Optional.of(new RolloutBuffer(updatesLeft, now))
                : Optional.empty();
    }
}
