package dev.socratic.trainer.logits;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.Distribution;
import java.util.ArrayList;
import java.util.List;

/// The formulas of `store.txt`. Results belong to the manager of the first array.
public final class StoreKernel implements AutoCloseable {
    private final Program program;
    private final Distribution distribution;

    public StoreKernel(NDManager manager) {
        this.program = Program.resources(manager, StoreKernel.class,
                List.of(Distribution.TEXT, "/dev/socratic/trainer/programs/store.txt"));
        this.distribution = new Distribution(manager);
    }

    /// KL of stored targets to a student, the rest of a target as one class; with `top_k` and `bucket` the loss of a
    /// store, with the others KL(target || q).
    ///
    /// @param logits of the student, `[tokens, vocab]`, divided by the store's temperature
    /// @return nats, `[tokens]`, with its graph; times temperature squared it is the term of an objective
    public NDArray kl(NDArray logits, StoredDistributions targets) {
        return program.withGraph("kl_stored", Arg.of(logits), Arg.of(targets.ids()), Arg.of(targets.mass()),
                Arg.of(targets.tailMass())).singletonOrThrow();
    }

    /// @param states `[batch, seq, hidden]`
    /// @param places `[tokens]` int64, in `[batch * seq]`
    public NDArray rows(NDArray states, NDArray places) {
        return distribution.select(states, places);
    }

    /// @param logits `[tokens, padded vocab]`
    /// @return logarithms of probabilities, `[tokens, vocab]`, and how many are no number
    public NDList logProbabilities(NDArray logits, double temperature, int vocab) {
        return distribution.logProbabilities(logits, temperature, vocab);
    }

    /// @param logP     `[tokens, vocab]`
    /// @param uniforms `draws` for each token, from 0 to below 1; read by `sampled` alone
    /// @return bytes of each position
    public List<byte[]> encode(NDArray logP, double[] uniforms, Codec codec) {
        int tokens = (int) logP.getShape().get(0);
        List<byte[]> bytes = new ArrayList<>(tokens);
        switch (codec.encoding()) {
            case Encoding.Sampled sampled -> {
                NDArray shares = logP.getManager().create(uniforms, new Shape(tokens, sampled.draws()));
                long[] drawn = program.run("draws", Arg.of(logP), Arg.of(shares)).singletonOrThrow().toLongArray();
                for (int i = 0; i < tokens; i++) {
                    bytes.add(codec.sampled(ints(drawn, i * sampled.draws(), sampled.draws())));
                }
            }
            case Encoding.TopK ignored -> {
                int k = codec.keptTokens();
                NDList found = distribution.topK(logP, k);
                long[] ids = found.get(0).toLongArray();
                float[] logs = found.get(1).toFloatArray();
                float[] rest = found.get(2).toFloatArray();
                for (int i = 0; i < tokens; i++) {
                    bytes.add(codec.topK(ints(ids, i * k, k), part(logs, i * k, k), rest[i]));
                }
            }
            case Encoding.Dense dense -> {
                float[] logs = logP.toFloatArray();
                for (int i = 0; i < tokens; i++) {
                    bytes.add(codec.dense(part(logs, i * codec.vocab(), codec.vocab()), dense.precision()));
                }
            }
        }
        return bytes;
    }

    public NDList compare(NDArray logP, StoredDistributions targets, double floor) {
        return program.run("compare", Arg.of(logP), Arg.of(targets.ids()), Arg.of(targets.mass()),
                Arg.of(targets.tailMass()),
                Arg.of(floor));
    }

    public NDList confidence(NDArray logP) {
        return program.run("certainty", Arg.of(logP));
    }

    private static int[] ints(long[] values, int from, int count) {
        int[] part = new int[count];
        for (int i = 0; i < count; i++) {
            part[i] = (int) values[from + i];
        }
        return part;
    }

    private static float[] part(float[] values, int from, int count) {
        return java.util.Arrays.copyOfRange(values, from, from + count);
    }

    @Override
    public void close() {
        program.close();
        distribution.close();
    }
}
