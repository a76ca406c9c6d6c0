package dev.socratic.trainer.kernel;

import ai.djl.ndarray.NDArray;
import dev.socratic.trainer.loop.TokenLoss;
import dev.socratic.trainer.objective.TokenWeight;
import java.util.Optional;

/// How much each token counts, without gradient.
final class TokenWeights {
    private final Kernel kernel;

    TokenWeights(Kernel kernel) {
        this.kernel = kernel;
    }

    /// @return `[tokens]`, or nothing where all count the same
    Optional<NDArray> of(TokenWeight weight, TokenLoss.Chunk chunk) {
        return switch (weight) {
            case TokenWeight.Equal ignored -> Optional.empty();
            case TokenWeight.TeacherEntropy ignored -> Optional.of(kernel.call("entropy", chunk.teacher().getFirst()));
            case TokenWeight.TeacherCertainty ignored -> bent(kernel.call("entropy", chunk.teacher().getFirst()), 1, -1, 0);
            case TokenWeight.StudentEntropy ignored -> Optional.of(kernel.call("entropy", chunk.logits()));
            case TokenWeight.TeacherLabel ignored -> Optional.of(label(chunk.teacher().getFirst(), chunk));
            case TokenWeight.TeacherRest ignored -> bent(label(chunk.teacher().getFirst(), chunk), 1, -1, 0);
            case TokenWeight.Frontier ignored -> bent(label(chunk.logits(), chunk), 0, 4, -4);
        };
    }

    private NDArray label(NDArray logits, TokenLoss.Chunk chunk) {
        return kernel.call("label_probability", logits, chunk.labels());
    }

    private Optional<NDArray> bent(NDArray x, double... numbers) {
        return Optional.of(kernel.numbers("bent", x, numbers));
    }
}
