package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.Against.Per;
import dev.socratic.trainer.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// How much each teacher counts on a whole sample: what [TokenWeights] says of a token, of the sample's mean instead;
/// or what its tag says.
///
/// With c the mean of `-log p_k[label]` over the sample's counting tokens `label` is `1 / (1 + c)`; with u the mean
/// of the student's entropies `uncertainty` is `2 ((1 - 2u) r + u) / n`, r the rank from 0 for the smallest to 1 for
/// the largest; `policy` chooses by the means of what [TeacherPolicy] looks at.
final class SampleWeights implements TeacherWeights {
    private final Map<Integer, Against.Teachers> terms;
    private final long columns;
    private final TeacherPolicy policy;
    private final double progress;

    private SampleWeights(Map<Integer, Against.Teachers> terms, long columns, TeacherPolicy policy, double progress) {
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
                : Optional.of(new SampleWeights(known, plan.sharedVocab(), policy, progress));
    }

    @Override
    public boolean readsTokenStats() {
        return terms.values().stream().anyMatch(teachers -> teachers.per() == Per.SAMPLE);
    }

    @Override
    public long vocab() {
        return columns;
    }

    @Override
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
}
