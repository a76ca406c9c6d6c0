package dev.socratic.models.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Encoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/// Loads a model and lets it read its first few tokens: whether it runs on a device, in numbers of a type.
final class Trial {
    private static final long TOKENS = 16;

    private Trial() {}

    /// @param encoder whether it is one; else it is a decoder
    static List<Defect> run(Path folder, boolean encoder, Compute compute) {
        try (NDManager manager = compute.manager(); NDManager step = manager.newSubManager()) {
            long bad = count((encoder ? encoded(folder, compute, manager, step)
                    : decoded(folder, compute, manager, step)).toFloatArray());
            return bad == 0 ? List.of() : List.of(Defect.error("run", folder.toString(),
                    "finite logits in %s on %s".formatted(compute.compute().label(), compute.deviceName()),
                    bad + " NaN or infinite", compute.compute() == FloatType.FLOAT16
                            ? "float16 ends at 65504: take bfloat16 or float32"
                            : "the weights are damaged or of another family than config.json says: fetch them again"));
        }
    }

    /// @return of the first positions, `[1, seq, vocab]`, float32
    private static NDArray encoded(Path folder, Compute compute, NDManager manager, NDManager step) {
        compute.only("an encoder", FloatType.FLOAT32);
        try (Encoder encoder = Encoder.load(folder, manager)) {
            NDArray ids = ids(step, encoder.config().vocab(), encoder.config().context()); // [1, seq]
            NDArray lengths = step.create(new long[] {ids.getShape().get(1)}); // [1]
            return encoder.logits(encoder.forward(ids, lengths, Set.of(), false).states(), false);
        }
    }

    /// @return likewise
    private static NDArray decoded(Path folder, Compute compute, NDManager manager, NDManager step) {
        try (Decoder decoder = Decoder.load(folder, manager, compute.weights(), compute.compute())) {
            NDArray ids = ids(step, decoder.config().vocab(), decoder.config().context()); // [1, seq]
            return decoder.logits(decoder.forward(ids, Set.of(), false).states(), false);
        }
    }

    private static NDArray ids(NDManager step, long vocab, long context) {
        long[] row = LongStream.range(0, Math.min(TOKENS, context)).map(i -> i % vocab).toArray();
        return step.create(new long[][] {row});
    }

    private static long count(float[] logits) {
        long bad = 0;
        for (float logit : logits) {
            bad += Float.isFinite(logit) ? 0 : 1;
        }
        return bad;
    }
}
