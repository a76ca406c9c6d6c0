package dev.socratic.models.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;

/// The formulas of `likeliest.ts.py`, without gradients. Results belong to the manager of the first array.
public final class Likeliest implements AutoCloseable {
    private final Program program;

    public Likeliest(NDManager manager) {
        this.program = Program.resource(manager, Likeliest.class, "/programs/likeliest.ts.py");
    }

    /// @param logits `[tokens, padded vocab]`, any float type
    /// @param vocab  ids that stand for a token: rows of the embedding behind them are no part of a distribution
    /// @return logarithms of probabilities in float32, `[tokens, vocab]`, and how many are no number
    public NDList logProbabilities(NDArray logits, double temperature, int vocab) {
        return program.run("log_probabilities", Arg.of(logits), Arg.of(temperature),
                Arg.of(vocab));
    }

    /// @param logP `[tokens, vocab]`
    /// @return ids `[tokens, k]` int64, the likeliest first; their logarithms; the logarithm of all others together,
    ///         `[tokens]`
    public NDList likeliest(NDArray logP, int k) {
        return program.run("likeliest", Arg.of(logP), Arg.of(k));
    }

    /// @param labels `[tokens]` int64
    /// @return the logarithm of each and its place from 1, both `[tokens]`
    public NDList placed(NDArray logP, NDArray labels) {
        return program.run("placed", Arg.of(logP), Arg.of(labels));
    }

    @Override
    public void close() {
        program.close();
    }
}
