package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Against.Per;
import dev.socratic.trainer.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// How much each of several teachers counts on each token, where a weight is one of whole samples: it is computed from
/// the micro-batch before its chunks, and handed to them in [LossContext#teacherWeights].
///
/// A term over `n` teachers with the distances `d_k` is `sum_k w_k d_k(i)` on token `i`; weights by sample have one
/// `w_k` for all tokens of a row, what [TokenWeights] says of a token taken of the row's mean instead:
/// - `label`: `w_k = 1 / (1 + c_k)`, `c_k` the mean of `-log p_k[label]` over the row's loss tokens. Two teachers that
///   give the labels of a row of three tokens the log-probabilities `[-0.5, -1, -1.5]` and `[-3, -3, -3]` get `1/2` and
///   `1/4` on each of the three.
/// - `uncertainty`: `w_k = 2 ((1 - 2u) r_k + u) / n`, `u` the mean of the student's entropies, `r_k` the rank from 0
///   for the smallest teacher to 1 for the largest.
/// - `tag`: 1 for the teacher that the row's tag names, 0 for others.
/// - `policy`: chosen by the means of what [TeacherPolicy] looks at.
public final class TeacherWeights {
    private final Map<Integer, Against.Teachers> terms;
    private final long columns;
    private final TeacherPolicy policy;
    private final double progress;

    private TeacherWeights(Map<Integer, Against.Teachers> terms, long columns, TeacherPolicy policy, double progress) {
        this.terms = terms;
        this.columns = columns;
        this.policy = policy;
        this.progress = progress;
    }

    /// @param terms  numbers of those that may be of it
    /// @param policy that chooses teachers
    /// @return nothing where no term weighs whole samples
    static Optional<TeacherWeights> of(Plan plan, List<Integer> terms, TeacherPolicy policy, double progress) {
        Map<Integer, Against.Teachers> known = new HashMap<>();
        for (int term : terms) {
            if (plan.objective().terms().get(term).against() instanceof Against.Teachers teachers
                    && (teachers.per() == Per.SAMPLE || teachers.weigh() == Against.Weighing.TAG)) {
                known.put(term, teachers);
            }
        }
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(new TeacherWeights(known, plan.sharedVocab(), policy, progress));
    }

    /// @return whether it reads what the models say, which takes one more pass over the head
    public boolean readsTokenStats() {
        return terms.values().stream().anyMatch(teachers -> teachers.per() == Per.SAMPLE);
    }

    /// @return width of the distributions that are looked at
    public long vocab() {
        return columns;
    }

    /// @return the weight of each teacher, the largest first, on each token, `[tokens]`, by number of the term;
    ///         arrays of the manager
    public Map<Integer, List<NDArray>> weights(Inputs inputs, NDManager scope) {
        Map<Integer, List<NDArray>> all = new HashMap<>();
        terms.forEach((term, teachers) -> all.put(term, IntStream.range(0, inputs.teachers().size())
                .mapToObj(k -> scope.create(weight(teachers.weigh(), k, inputs)))
                .toList()));
        return all;
    }

    private float[] weight(Against.Weighing weighing, int k, Inputs inputs) {
        int n = inputs.teachers().size();
        TokenStats theirs = inputs.teachers().get(k);
        return switch (weighing) {
            case LABEL -> bySample(inputs, theirs.labels(), mean -> 1 / (1 - mean));
            case UNCERTAINTY -> {
                double rank = rank(k, n);
                yield bySample(inputs, inputs.student().entropy(), u -> 2 * ((1 - 2 * u) * rank + u) / n);
            }
            case TAG -> named(k, inputs);
            case POLICY -> policy.choice(k, inputs, progress);
            case MEAN, SUM -> throw new IllegalStateException("a weight that no sample has: " + weighing);
        };
    }

    private static float[] named(int k, Inputs inputs) {
        int[] rows = inputs.rows();
        float[] all = new float[rows.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = inputs.batch().tokenRows().get(rows[i]).teacher() == k ? 1 : 0;
        }
        return all;
    }

    /// @param k 0 for the largest, then from the smallest up
    /// @return 0 for the smallest to 1 for the largest
    static double rank(int k, int n) {
        return n == 1 ? 0.5 : (double) (k == 0 ? n - 1 : k - 1) / (n - 1);
    }

    /// @return what a function makes of the mean of a sample, on each of its tokens
    static float[] bySample(Inputs inputs, float[] values, java.util.function.DoubleUnaryOperator of) {
        int[] rows = inputs.rows();
        float[] all = new float[rows.length];
        for (int from = 0, to; from < rows.length; from = to) {
            to = behind(rows, from);
            java.util.Arrays.fill(all, from, to, (float) of.applyAsDouble(mean(values, from, to)));
        }
        return all;
    }

    /// @return the token behind the last of a sample
    static int behind(int[] rows, int from) {
        int to = from;
        while (to < rows.length && rows[to] == rows[from]) {
            to++;
        }
        return to;
    }

    static double mean(float[] values, int from, int to) {
        double sum = 0;
        for (int token = from; token < to; token++) {
            sum += values[token];
        }
        return sum / (to - from);
    }

    /// The loss tokens of a micro-batch.
    ///
    /// @param batch    where they stand
    /// @param student  what the student says of them; empty arrays where it is not read
    /// @param teachers what each teacher says
    public record Inputs(MicroBatch batch, TokenStats student, List<TokenStats> teachers) {
        public Inputs {
            teachers = List.copyOf(teachers);
        }

        /// @return of each counting token the number of its row
        public int[] rows() {
            int[] rows = new int[batch.lossTokens()];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = Math.toIntExact(batch.lossPositions()[i] / batch.seq());
            }
            return rows;
        }
    }
}
