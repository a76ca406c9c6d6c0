import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Quantization;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Draws;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Processor seconds of writing many answers at once with a real model, on one thread, so that a busy machine changes
/// them little.
///
/// Arguments: folder, type, then of `batch:ROWS:PROMPT:NEW` (tokens a second, reading and writing; for
/// `continuous_batching_peers.py`), `samples:ROWS:PROMPT:NEW` (answers to one prompt, over one reading of it and the
/// steps of as many rows) and `arrivals:REQUESTS:ROWS` (mixed lengths: rows that join and leave, over fixed batches of
/// the same requests).
final class ContinuousBatching {
    private static final long[] NO_END = {-1};

    public static void main(String[] args) {
        FloatType type = FloatType.named(args[1]).orElseThrow();
        Engines.threads(1);
        try (NDManager manager = Engines.manager(); Decoder decoder = Decoder.load(
                Path.of(args[0]), manager, type, type, Quantization.NONE).packed()) {
            generate(decoder, prompts(1, 16, 16), 2);
            for (int i = 2; i < args.length; i++) {
                String[] parts = args[i].split(":");
                int[] sizes = IntStream.range(1, parts.length).map(at -> Integer.parseInt(parts[at])).toArray();
                switch (parts[0]) {
                    case "batch" -> batch(decoder, sizes[0], sizes[1], sizes[2]);
                    case "samples" -> samples(decoder, sizes[0], sizes[1], sizes[2]);
                    case "arrivals" -> arrivals(decoder, sizes[0], sizes[1]);
                    default -> throw new IllegalArgumentException(args[i]);
                }
            }
        }
    }

    private static List<long[]> prompts(int rows, int tokens, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, rows).mapToObj(row -> random.longs(tokens, 100, 40_000).toArray()).toList();
    }

    /// @return processor seconds of reading and of writing
    private static double[] generate(Decoder decoder, List<long[]> prompts, int fresh) {
        double begun = now();
        try (Decoding decoding = Decoding.start(decoder, prompts)) {
            double read = now();
            for (int done = 0; done < fresh; done += 16) {
                decoding.advance(draws(prompts.size(), Math.min(16, fresh - done)), NO_END);
            }
            return new double[] {read - begun, now() - read};
        }
    }

    private static Draws draws(int rows, int steps) {
        return new Draws(Sampling.GREEDY, new double[rows][steps]);
    }

    private static void batch(Decoder decoder, int rows, int prompt, int fresh) {
        double[] seconds = generate(decoder, prompts(rows, prompt, 1), fresh);
        System.out.println("batch " + rows + " read " + rows * prompt / seconds[0] + " wrote "
                + rows * fresh / seconds[1] + " tokens/s");
    }

    private static void samples(Decoder decoder, int rows, int prompt, int fresh) {
        List<Double> ratios = new ArrayList<>();
        for (int trial = 0; trial < 3; trial++) {
            List<long[]> one = prompts(1, prompt, trial);
            double[] all = generate(decoder, Collections.nCopies(rows, one.getFirst()), fresh);
            double[] reading = generate(decoder, one, 0);
            double[] steps = generate(decoder, prompts(rows, 1, trial), fresh);
            ratios.add((all[0] + all[1]) / (reading[0] + steps[1]));
        }
        Collections.sort(ratios);
        System.out.println("samples " + rows + " of " + prompt + ": " + ratios.get(1)
                + " of one reading and the steps of as many short rows");
    }

    /// Every answer has a length of its own, from 8 to 256 tokens, few of them long.
    private static void arrivals(Decoder decoder, int requests, int rows) {
        SplittableRandom random = new SplittableRandom(3);
        List<long[]> prompts = IntStream.range(0, requests)
                .mapToObj(i -> random.longs(16 + random.nextInt(112), 100, 40_000).toArray()).toList();
        int[] lengths = IntStream.range(0, requests)
                .map(i -> (int) (8 * Math.pow(32, Math.pow(random.nextDouble(), 1.5)))).toArray();
        double fixed = fixed(decoder, prompts, lengths, rows);
        double continuous = continuous(decoder, prompts, lengths, rows);
        System.out.println("arrivals " + requests + " in " + rows + " rows: fixed batches take " + fixed / continuous
                + " times as long");
    }

    private static double fixed(Decoder decoder, List<long[]> prompts, int[] lengths, int rows) {
        double begun = now();
        for (int first = 0; first < prompts.size(); first += rows) {
            int last = Math.min(prompts.size(), first + rows);
            int most = IntStream.range(first, last).map(i -> lengths[i]).max().orElseThrow();
            generate(decoder, prompts.subList(first, last), most);
        }
        return now() - begun;
    }

    private static double continuous(Decoder decoder, List<long[]> prompts, int[] lengths, int rows) {
        double begun = now();
        List<Integer> open = new ArrayList<>();
        int[] left = lengths.clone();
        int next = rows;
        IntStream.range(0, rows).forEach(open::add);
        try (Decoding decoding = Decoding.start(decoder, prompts.subList(0, rows))) {
            while (!open.isEmpty()) {
                int steps = Math.min(16, open.stream().mapToInt(i -> left[i]).max().orElseThrow());
                decoding.advance(draws(open.size(), steps), NO_END);
                open.forEach(i -> left[i] -= steps);
                int[] kept = IntStream.range(0, open.size()).filter(row -> left[open.get(row)] > 0).toArray();
                decoding.keep(kept);
                open.removeIf(i -> left[i] <= 0);
                int joining = Math.min(rows - open.size(), prompts.size() - next);
                if (joining > 0) {
                    try (Decoding more = Decoding.start(decoder, prompts.subList(next, next + joining))) {
                        decoding.join(more);
                    }
                    for (int i = 0; i < joining; i++) {
                        open.add(next++);
                    }
                }
            }
        }
        return now() - begun;
    }

    private static double now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }
}
