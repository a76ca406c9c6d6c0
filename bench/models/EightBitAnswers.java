import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Quantization;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Draws;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A model with weights of 8 bits beside itself in float32: how far its logits are apart, how often the likeliest token
/// is the same, what its weights take, and how fast it writes. Both in one run, in turns.
///
///     bench/run bench/models/EightBitAnswers.java MODEL_FOLDER
public final class EightBitAnswers {
    private static final List<String> TEXTS = List.of(
            "The capital of France is Paris, a city on the river Seine that has been the seat of kings and of "
                    + "governments.",
            "To bake bread, mix flour, water, salt and yeast, knead the dough for ten minutes and let it rise for "
                    + "an hour.",
            "Photosynthesis turns carbon dioxide and water into sugar and oxygen, with light as the source of its "
                    + "energy.",
            "def add(a, b):\n    \"\"\"Adds two numbers.\"\"\"\n    return a + b\n\nprint(add(2, 3))");

    public static void main(String[] args) {
        Engines.threads(1);
        Path folder = Path.of(args[0]);
        try (NDManager manager = Engines.manager(); Tokenizer tokenizer = Tokenizer.open(folder);
                Decoder plain = Decoder.load(folder, manager);
                Decoder eight = Decoder.load(folder, manager, FloatType.FLOAT32, FloatType.FLOAT32,
                        Quantization.INT8)) {
            double most = 0;
            double sum = 0;
            double size = 0;
            long numbers = 0;
            long same = 0;
            long tokens = 0;
            for (String text : TEXTS) {
                try (NDManager step = manager.newSubManager()) {
                    NDArray ids = step.create(new long[][] {tokenizer.encode(text)});
                    NDArray one = plain.logits(plain.forward(ids, Set.of(), false).states(), false); // [1, seq, vocab]
                    // [1, seq, vocab]
                    NDArray other = eight.logits(eight.forward(ids, Set.of(), false).states(), false);
                    NDArray gap = one.sub(other).abs();
                    most = Math.max(most, gap.max().getFloat());
                    sum += gap.sum().getFloat();
                    size += one.abs().sum().getFloat();
                    numbers += gap.size();
                    same += one.argMax(2).eq(other.argMax(2)).countNonzero().getLong();
                    tokens += ids.size();
                }
            }
            System.out.printf(Locale.ROOT, "logits apart by at most %.3f, by %.4f on average (of %.3f); "
                    + "likeliest token the same: %d of %d, %.1f %%%n",
                    most, sum / numbers, size / numbers, same, tokens, 100.0 * same / tokens);
            System.out.printf(Locale.ROOT, "weights: float32 %.1f MB, int8 %.1f MB, ratio %.3f%n", bytes(plain) / 1e6,
                    bytes(eight) / 1e6,
                    (double) bytes(eight) / bytes(plain));
            for (int batch : new int[] {1, 8}) {
                double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
                for (int round = 0; round < 4; round++) {
                    best[0] = Math.min(best[0], seconds(plain, batch));
                    best[1] = Math.min(best[1], seconds(eight, batch));
                }
                System.out.printf(Locale.ROOT, "batch %d: float32 %.1f, int8 %.1f tokens/s, ratio %.2f%n", batch,
                        24 * batch / best[0],
                        24 * batch / best[1], best[0] / best[1]);
            }
        }
    }

    private static long bytes(Decoder decoder) {
        return decoder.weights().values().stream()
                .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes()).sum();
    }

    private static double seconds(Decoder decoder, int batch) {
        List<long[]> prompts = Collections.nCopies(batch, new long[] {1, 520, 9531, 198, 504, 3575});
        try (Decoding decoding = Decoding.start(decoder, prompts)) {
            long began = System.nanoTime();
            decoding.advance(new Draws(Sampling.GREEDY, new double[batch][24]), new long[] {-2});
            return (System.nanoTime() - began) / 1e9;
        }
    }
}
