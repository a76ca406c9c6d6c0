package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.trainer.data.MicroBatch;
import java.util.List;
import java.util.Map;

/// How much each of several teachers counts on each token, where a weight is one of whole samples: it is computed from
/// the micro-batch before its chunks, and handed to them in [LossContext#teacherWeights].
///
/// A term over `n` teachers with the distances `d_k` is `sum_k w_k d_k(i)` on token `i`; weights by sample have one
/// `w_k` for all tokens of a row. Example, `weigh: label, per: sample`: with `c_k` the mean of `-log p_k[label]` over
/// a row's loss tokens, `w_k = 1 / (1 + c_k)`; two teachers that give the labels of a row of three tokens the
/// log-probabilities `[-0.5, -1, -1.5]` and `[-3, -3, -3]` get `1/2` and `1/4` on each of the three.
public interface TeacherWeights {
    /// @return whether it reads what the models say, which takes one more pass over the head
    boolean readsTokenStats();

    /// @return width of the distributions that are looked at
    long vocab();

    /// @return the weight of each teacher, the largest first, on each token, `[tokens]`, by number of the term;
    ///         arrays of the manager
    Map<Integer, List<NDArray>> weights(Inputs inputs, NDManager scope);

    /// The counting tokens of a micro-batch.
    ///
    /// @param batch    where they stand
    /// @param student  what the student says of them; empty arrays where it is not read
    /// @param teachers what each teacher says
    record Inputs(MicroBatch batch, TokenStats student, List<TokenStats> teachers) {
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
