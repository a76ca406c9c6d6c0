import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Draws;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/// Tokens a second of a cached, sampled generation, and its share of what the machine could do, measured in the same
/// run: for one row, reading the weights once a token as fast as one matrix-vector product over as many bytes; for a
/// batch, two operations per weight and row at the peak of a float32 matrix product. Times are those of one
/// processor, so that a busy machine changes them little.
///
/// Arguments: hidden (256), layers (6), width (704).
final class GenerationSpeed {
    private static final int VOCAB = 1024;
    private static final int PROMPT = 64;
    private static final int STEPS = 64;

    public static void main(String[] args) {
        int[] sizes = {256, 6, 704};
        for (int i = 0; i < args.length; i++) {
            sizes[i] = Integer.parseInt(args[i]);
        }
        Engines.threads(1);
        ModelConfig config = ModelConfig.llama(VOCAB, sizes[0], sizes[1], 8, 8, sizes[2], 512, true,
                SpecialTokens.none());
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.random(config, 1, manager)) {
            double reads = vectorProduct(manager, config.parameters());
            double peak = matrixProduct(manager);
            System.out.printf("%.2f M parameters, one thread; limits: %.1f GB/s read, %.1f GFLOP/s%n",
                    config.parameters() / 1e6, reads, peak);
            for (int batch : new int[] {1, 32, 64}) {
                for (double topP : new double[] {1, 0.95}) {
                    double tokens = batch * STEPS / best(3, () -> generate(decoder, batch, topP));
                    double share = batch == 1
                            ? tokens * config.parameters() * Float.BYTES / 1e9 / reads
                            : tokens * config.parameters() * 2 / 1e9 / peak;
                    System.out.printf("batch %2d, top_p %.2f: %6.0f tokens/s = %.0f %% of the %s limit%n", batch, topP,
                            tokens, 100 * share,
                            batch == 1 ? "reading" : "arithmetic");
                }
            }
        }
    }

    private static long generate(Decoder decoder, int batch, double topP) {
        double[][] uniforms = new double[batch][STEPS];
        SplittableRandom random = new SplittableRandom(1);
        for (double[] row : uniforms) {
            Arrays.setAll(row, i -> random.nextDouble());
        }
        List<long[]> prompts = Collections.nCopies(batch, new long[PROMPT]);
        try (Decoding decoding = Decoding.start(decoder, prompts)) {
            long started = now();
            decoding.advance(new Draws(new Sampling(0.8, topP), uniforms), new long[] {-1});
            return now() - started;
        }
    }

    /// @return gigabytes of weights a second through one product with a vector
    private static double vectorProduct(NDManager manager, long parameters) {
        int columns = 1024;
        NDArray weights = manager.randomNormal(0, 1, new Shape(parameters / columns, columns), DataType.FLOAT32);
        NDArray vector = manager.ones(new Shape(columns, 1));
        return weights.size() * Float.BYTES / 1e9 / best(10, () -> product(weights, vector));
    }

    private static double matrixProduct(NDManager manager) {
        NDArray a = manager.randomNormal(0, 1, new Shape(1024, 1024), DataType.FLOAT32);
        return 2 * Math.pow(1024, 3) / 1e9 / best(6, () -> product(a, a));
    }

    private static long product(NDArray a, NDArray b) {
        long started = now();
        a.matMul(b).close();
        return now() - started;
    }

    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double best(int times, LongSupplier nanos) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < times; i++) {
            best = Math.min(best, nanos.getAsLong());
        }
        return best / 1e9;
    }
}
