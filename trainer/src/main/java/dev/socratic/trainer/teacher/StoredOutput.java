package dev.socratic.trainer.teacher;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.StoreHeader;
import dev.socratic.trainer.logits.StoreKernel;
import dev.socratic.trainer.logits.StoredDistribution;
import dev.socratic.trainer.logits.StoredDistributions;
import dev.socratic.trainer.logits.StoredSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a store has of the loss tokens of a micro-batch, in their order: nothing of rows that learn from another
/// teacher. Tensors are made for as many tokens as are asked for.
///
/// @param samples one a row
/// @param rows    of each token, the number of its row
/// @param numbers of each token, its number in its sample
/// @param labels  the token that follows each
public record StoredOutput(StoreHeader header, StoreKernel kernel, List<Optional<StoredSample>> samples, int[] rows,
        int[] numbers, long[] labels) implements TeacherOutput {
    public StoredOutput {
        samples = List.copyOf(samples);
    }

    /// @return whether there is all of what this teacher expects
    public boolean isDense() {
        return header.capture().encoding() instanceof Encoding.Dense;
    }

    /// @param from  first token
    /// @param to    the one behind the last
    /// @param scope owner of the tensors
    public TeacherTarget target(int from, int to, NDManager scope) {
        if (samples.stream().allMatch(Optional::isEmpty)) {
            return new TeacherTarget.NotAsked();
        }
        return isDense()
                ? new TeacherTarget.Logits(logits(from, to, scope))
                : new TeacherTarget.Partial(partial(from, to, scope));
    }

    /// @return the teacher's logits up to a constant at each token, `[tokens, vocab]`: `temperature x log p`, zeros
    ///         where a row learns from another
    public NDArray logits(int from, int to, NDManager scope) {
        int vocab = header.vocab();
        float temperature = (float) header.capture().temperature();
        float[] logits = new float[(to - from) * vocab];
        for (int i = from; i < to; i++) {
            int at = i;
            sample(i).ifPresent(sample -> sample.logProbs(numbers[at], logits, (at - from) * vocab));
        }
        for (int i = 0; temperature != 1 && i < logits.length; i++) {
            logits[i] *= temperature;
        }
        return scope.create(logits, new Shape(to - from, vocab));
    }

    private PartialDistribution partial(int from, int to, NDManager scope) {
        List<StoredDistribution> targets = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            int at = i;
            targets.add(sample(i).map(sample -> sample.target(numbers[at], (int) labels[at]))
                    .orElse(StoredDistribution.UNUSED));
        }
        return new PartialDistribution(kernel, StoredDistributions.of(targets, scope), () -> labelLogProbs(from, to));
    }

    /// @return log probability of each label, not a number where the store does not know it
    public float[] labelLogProbs() {
        return labelLogProbs(0, labels.length);
    }

    private float[] labelLogProbs(int from, int to) {
        float[] logs = new float[to - from];
        for (int i = from; i < to; i++) {
            int at = i;
            logs[i - from] = sample(i).map(sample -> sample.labelLogProb(numbers[at], (int) labels[at])).orElse(0f);
        }
        return logs;
    }

    private Optional<StoredSample> sample(int token) {
        return samples.get(rows[token]);
    }
}
