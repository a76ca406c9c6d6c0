import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.network.ForwardPass;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.Offload;
import dev.socratic.models.network.Padded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// What it costs to leave the layers of a teacher on disk: seconds for rows of 512 tokens, one batch each, with the
/// weights in memory and with the layers read for so many tokens at once. Medians of interleaved runs, one thread;
/// files are in the page cache after the first run, so that reading is copying.
///
/// Arguments: a model folder, runs (3), tokens (512, 2048, 4096).
final class OffloadedScoring {
    private static final int SEQ = 512;

    public static void main(String[] args) {
        Engines.threads(1);
        Path folder = Path.of(args[0]);
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        int[] sizes = args.length > 2
                ? Arrays.stream(args).skip(2).mapToInt(Integer::parseInt).toArray() : new int[] {512, 2048, 4096};
        ModelConfig config = ModelConfig.read(folder);
        try (NDManager manager = Engines.manager();
                ForwardPass held = ForwardPass.open(folder, manager, Compute.CPU, Offload.NEVER);
                ForwardPass away = ForwardPass.open(folder, manager, Compute.CPU, Offload.ALWAYS)) {
            for (int tokens : sizes) {
                List<Padded> batches = batches(config, tokens);
                double[] one = new double[runs];
                double[] other = new double[runs];
                for (int run = -1; run < runs; run++) {
                    double first = seconds(held, batches, manager);
                    double second = seconds(away, batches, manager);
                    if (run >= 0) {
                        one[run] = first;
                        other[run] = second;
                    }
                }
                Arrays.sort(one);
                Arrays.sort(other);
                System.out.println(String.format(Locale.ROOT,
                        "%5d tokens: in memory %.2f s, on disk %.2f s, %.2f times",
                        tokens, one[runs / 2], other[runs / 2], other[runs / 2] / one[runs / 2]));
            }
        }
    }

    private static List<Padded> batches(ModelConfig config, int tokens) {
        SplittableRandom random = new SplittableRandom(1);
        List<Padded> batches = new ArrayList<>();
        for (int i = 0; i < tokens / SEQ; i++) {
            batches.add(Padded.of(List.of(random.longs(SEQ, 0, config.vocab()).toArray()), Padded.Side.RIGHT, 0));
        }
        return batches;
    }

    private static double seconds(ForwardPass model, List<Padded> batches, NDManager manager) {
        long before = System.nanoTime();
        model.states(batches, manager, (batch, states) -> { });
        return (System.nanoTime() - before) / 1e9;
    }
}
