package dev.socratic.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.objective.Against;
import dev.socratic.trainer.objective.TokenPairing;
import dev.socratic.trainer.objective.TokenWeight;
import dev.socratic.trainer.teacher.TeacherTarget;
import java.util.Arrays;
import java.util.Optional;

/// How much each token counts, without gradient.
final class TokenWeights {
    private final Kernel kernel;
    private final TeacherPolicy policy;

    /// @param policy of the objective, for teachers that are chosen by one
    TokenWeights(Kernel kernel, TeacherPolicy policy) {
        this.kernel = kernel;
        this.policy = policy;
    }

    /// @param pairing how the term's tokens find partners of another tokenizer
    /// @return `[tokens]`, or nothing where all count the same
    Optional<NDArray> of(TokenWeight weight, TokenPairing pairing, TokenChunk chunk) {
        return switch (weight) {
            case TokenWeight.Equal ignored -> Optional.empty();
            case TokenWeight.PerAnswer ignored -> Optional.of(chunk.context().answerScales().get(pairing));
            case TokenWeight.TeacherEntropy ignored -> Optional.of(kernel.call("entropy", chunk.teacherLogits(0)));
            case TokenWeight.TeacherCertainty ignored ->
                    bent(kernel.call("entropy", chunk.teacherLogits(0)), 1, -1, 0);
            case TokenWeight.StudentEntropy ignored -> Optional.of(kernel.call("entropy", chunk.logits()));
            case TokenWeight.TeacherLabel ignored -> Optional.of(label(chunk.teacherLogits(0), chunk));
            case TokenWeight.TeacherRest ignored -> bent(label(chunk.teacherLogits(0), chunk), 1, -1, 0);
            case TokenWeight.Reward reward -> Optional.of(Optional.ofNullable(
                    chunk.context().drawn().rewards().get(reward))
                    .orElseGet(() -> kernel.call("nothing", chunk.logits()))); // nobody was graded
            case TokenWeight.Frontier ignored -> bent(label(chunk.logits(), chunk), 0, 4, -4);
        };
    }

    /// @param k 0 for the largest, then from the smallest up
    /// @return how much a teacher counts on each token, `[tokens]`
    NDArray ofTeacher(Against.Weighing weighing, int k, TokenChunk chunk, double progress) {
        int n = chunk.teachers().size();
        return switch (weighing) {
            case MEAN -> all(1f / n, chunk);
            case SUM -> all(1, chunk);
            case LABEL -> believed(k, chunk);
            case TAG -> throw new IllegalStateException("what a row's tag says is known before the chunks");
            case POLICY -> policy.choice(k, chunk, progress);
            case UNCERTAINTY -> {
                double rank = TeacherWeights.rank(k, n);
                yield bent(kernel.call("entropy", chunk.logits()), 2 * rank / n, 2 * (1 - 2 * rank) / n, 0)
                        .orElseThrow();
            }
        };
    }

    private static NDArray all(float weight, TokenChunk chunk) {
        float[] weights = new float[(int) chunk.labels().getShape().get(0)];
        Arrays.fill(weights, weight);
        return chunk.labels().getManager().create(weights);
    }

    private NDArray believed(int k, TokenChunk chunk) {
        if (!(chunk.teachers().get(k) instanceof TeacherTarget.Partial partial)) {
            return kernel.call("believed", label(chunk.teacherLogits(k), chunk));
        }
        float[] weights = partial.distribution().labelLogProbs();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 1 / (1 - weights[i]);
        }
        return chunk.labels().getManager().create(weights);
    }

    private NDArray label(NDArray logits, TokenChunk chunk) {
        return kernel.call("label_probability", logits, chunk.labels());
    }

    private Optional<NDArray> bent(NDArray x, double... numbers) {
        return Optional.of(kernel.call("bent", Arg.of(x), Arg.of(numbers)));
    }
}
