package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;

/// What logits say of the next token: the formulas of `distribution.ts.py`, without gradients.
///
/// Results belong to the manager of the first array. Programs that need the formulas inside one of their own are
/// compiled together with [#TEXT].
public final class Distribution implements AutoCloseable {
    /// Where the formulas stand that every program shares.
    public static final String TEXT = "/programs/distribution.ts.py";

    private final Program program;

    public Distribution(NDManager manager) {
        this.program = Program.resource(manager, Distribution.class, TEXT);
    }

    /// @param states final states, `[batch, seq, hidden]`
    /// @param places `[tokens]` int64, in `[batch * seq]`
    /// @return those rows, `[tokens, hidden]`
    public NDArray select(NDArray states, NDArray places) {
        return program.run("select", Arg.of(states), Arg.of(places)).singletonOrThrow();
    }

    /// @param logits `[tokens, padded vocab]`, any float type
    /// @param vocab  ids that stand for a token: rows of the embedding behind them are no part of a distribution
    /// @return logarithms of probabilities in float32, `[tokens, vocab]`, and how many are no number
    public NDList logProbabilities(NDArray logits, double temperature, int vocab) {
        return program.run("known_log_softmax", Arg.of(logits), Arg.of(temperature),
                Arg.of(vocab));
    }

    /// @param logP `[tokens, vocab]`
    /// @return ids `[tokens, k]` int64, the likeliest first; their logarithms; the logarithm of all others together,
    ///         `[tokens]`
    public NDList topK(NDArray logP, int k) {
        return program.run("top_k", Arg.of(logP), Arg.of(k));
    }

    /// @param labels `[tokens]` int64
    /// @return the logarithm of each and its rank among all, from 1; both `[tokens]`
    public NDList ranked(NDArray logP, NDArray labels) {
        return program.run("ranked", Arg.of(logP), Arg.of(labels));
    }

    /// @param logits `[tokens, vocab]`
    /// @param labels `[tokens]` int64
    /// @return log probability of each label in nats, `[tokens]`
    public NDArray labelLogProbability(NDArray logits, NDArray labels) {
        return program.run("label_log_probability", Arg.of(logits), Arg.of(labels)).singletonOrThrow();
    }

    /// @return whether each label is the largest logit, `[tokens]`, bool
    public NDArray isArgmax(NDArray logits, NDArray labels) {
        return program.run("is_argmax", Arg.of(logits), Arg.of(labels)).singletonOrThrow();
    }

    /// @param logits `[positions, vocab]`
    /// @param at     `[tokens]` int64, the position of each token
    /// @param labels `[tokens]` int64
    /// @return log probability of each label in nats, float32, and whether it is the largest logit; both `[tokens]`
    public NDList labelled(NDArray logits, NDArray at, NDArray labels) {
        return program.run("labelled", Arg.of(logits), Arg.of(at), Arg.of(labels));
    }

    @Override
    public void close() {
        program.close();
    }
}
