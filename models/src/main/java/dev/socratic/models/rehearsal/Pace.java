package dev.socratic.models.rehearsal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Draws;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/// How fast a Llama of 11 million random weights reads and writes here: which number type to take is a question of the
/// machine, and the peak of a matrix product alone does not answer it.
///
/// @param reading tokens a second of a forward pass over 256
/// @param single  tokens a second of one stream
/// @param batch   tokens a second of eight answers side by side
public record Pace(double reading, double single, double batch) {
    private static final int VOCAB = 8192;
    private static final int CONTEXT = 512;
    private static final int PROMPT = 256;
    private static final int STEPS = 32;
    private static final int ROWS = 8;
    private static final int TIMES = 3;

    /// @param folder where the model is written, if it is not there yet
    public static Pace of(Compute compute, Path folder) {
        if (!Files.exists(folder.resolve("model.safetensors"))) {
            try (NDManager manager = Compute.CPU.manager(); Decoder random = Decoder.random(ModelConfig.llama(
                    VOCAB, 384, 6, 6, 2, 1024, CONTEXT, true, SpecialTokens.none()), 1, manager)) {
                random.save(folder, DType.F32);
            }
        }
        try (NDManager manager = compute.manager();
                Decoder decoder = Decoder.load(folder, manager, compute.weights(), compute.compute())) {
            return new Pace(reading(decoder, manager), writing(decoder, 1), writing(decoder, ROWS));
        }
    }

    private static double reading(Decoder decoder, NDManager manager) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i <= TIMES; i++) {
            try (NDManager step = manager.newSubManager()) {
                NDArray ids = step.create(new long[][] {prompt(0, PROMPT)}); // [1, seq]
                long start = System.nanoTime();
                NDArray states = decoder.forward(ids, Set.of(), false).states(); // [1, seq, hidden]
                decoder.logits(states, false).get(0, 0, 0).getFloat(); // waits for it
                best = i == 0 ? best : Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return PROMPT / best;
    }

    private static double writing(Decoder decoder, int rows) {
        Draws greedy = new Draws(Sampling.GREEDY, new double[rows][STEPS]);
        double best = Double.MAX_VALUE;
        for (int i = 0; i <= TIMES; i++) {
            List<long[]> prompts = Collections.nCopies(rows, prompt(1, 16));
            try (Decoding decoding = Decoding.start(decoder, prompts)) {
                long start = System.nanoTime();
                decoding.advance(greedy, new long[] {});
                best = i == 0 ? best : Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return rows * STEPS / best;
    }

    private static long[] prompt(int first, int tokens) {
        return LongStream.range(first, first + tokens).map(i -> 31 * i % VOCAB).toArray();
    }
}
