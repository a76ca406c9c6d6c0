package dev.socratic.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;

/// `-log softmax(logits)[label]` with its gradient in closed form, `softmax - one hot`: supervised fine-tuning.
final class CrossEntropy implements TokenLoss {
    private final Program program;

    /// @param program `vocabulary.txt`, which stays the caller's
    CrossEntropy(Program program) {
        this.program = program;
    }

    @Override
    public Slope slope(Chunk chunk, float scale) {
        NDArray factor = chunk.logits().getManager().create(scale);
        NDList result = program.run("cross_entropy", Arg.of(chunk.logits()), Arg.of(chunk.labels()), Arg.of(factor));
        return new Slope(result.get(0), result.get(1), result.get(2).getLong());
    }
}
