
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.network.SpecialTokens;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.loss.ObjectiveLoss;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.step.Backward;
import dev.socratic.trainer.step.OptimizerStep;
import dev.socratic.trainer.step.VocabularyHead;
import dev.socratic.trainer.teacher.TeacherSide;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// What forward and backward cost by length of the rows and size of the model, by processor time: a table. Products are
/// 6 operations a weight and token; attention is 6 x layers x heads x dim x length a token, for each position sees half
/// of its row on average. `beside` is what is left of a token's time when attention is taken out at the pace of the
/// whole, against the first line of the size: 1 is linear in tokens.
///
/// Arguments: `lengths` (default), `sizes`, or `sizes 500`, which needs 8 GB; `-Dthreads=N`, `-Ddtype=bfloat16`.
final class StepCost {
    private static final int VOCAB = 8_192;

    private record Size(String name, int hidden, int layers, int heads, int inner) {
        ModelConfig config(int context) {
            return ModelConfig.llama(VOCAB, hidden, layers, heads, heads, inner, context, true, SpecialTokens.none());
        }

        double products() {
            return layers * (4.0 * hidden * hidden + 3.0 * hidden * inner) + (double) VOCAB * hidden;
        }
    }

    private static final List<Size> SIZES = List.of(new Size("5M", 192, 6, 3, 576), new Size("15M", 320, 9, 5, 896),
            new Size("50M", 576, 12, 9, 1536), new Size("135M", 832, 15, 13, 2304));
    private static final Size LARGE = new Size("500M", 1536, 17, 24, 4096);

    public static void main(String[] args) throws Exception {
        Engines.threads(Integer.getInteger("threads", 1));
        FloatType type = FloatType.valueOf(System.getProperty("dtype", "float32").toUpperCase(Locale.ROOT));
        double peak = peak();
        System.out.printf(Locale.ROOT, "float32 product of 2048: %.1f GFLOP a processor second%n", peak);
        if (args.length == 0 || args[0].equals("lengths")) {
            double[] first = new double[1];
            for (int length : new int[] {256, 512, 1024, 2048, 4096, 8192}) {
                line(SIZES.getFirst(), length, Math.max(1, 8192 / length), type, peak, first);
            }
            return;
        }
        for (Size size : args.length > 1 ? List.of(LARGE) : SIZES) {
            line(size, 256, 4, type, peak, new double[1]);
        }
    }

    private static void line(Size size, int length, int rows, FloatType type, double peak, double[] first)
            throws Exception {
        double seconds = Double.MAX_VALUE;
        try (NDManager manager = Engines.manager();
                Decoder student = Decoder.random(size.config(length), 1, manager, type);
                VocabularyHead vocabulary = new VocabularyHead(manager)) {
            student.trainable(true);
            try (ObjectiveLoss loss = new ObjectiveLoss(manager, new Plan(Objective.named("sft"), VOCAB));
                    Backward backward = new Backward(manager, student, new TeacherSide.None(), Optional.empty(),
                            vocabulary, student.trainable())) {
                Files.writeString(Path.of("/proc/self/clear_refs"), "5");
                for (int i = 0; i < 3; i++) {
                    long used = processor();
                    backward.step(new OptimizerStep(List.of(MicroBatch.of(rows(rows, length)))), loss.at(0));
                    seconds = i == 0 ? seconds : Math.min(seconds, (processor() - used) / 1e9);
                }
            }
        }
        double tokens = (double) rows * length;
        double attention = 6.0 * size.layers() * size.hidden() * length;
        double all = 6 * size.products() + attention;
        double beside = seconds / tokens * 6 * size.products() / all;
        first[0] = first[0] == 0 ? beside : first[0];
        System.out.printf(Locale.ROOT,
                "%5s %5d x %4d %s: %7.0f tokens a processor second, %5.1f GFLOP/s, %3.0f %% of the "
                + "float32 peak, attention %2.0f %% of the operations, beside it %.2f, peak %.0f MB%n", size.name(),
                rows, length, type.label(), tokens / seconds, all * tokens / seconds / 1e9,
                100 * all * tokens / seconds / 1e9 / peak, 100 * attention / all, beside / first[0], memory());
    }

    private static List<TokenRow> rows(int count, int length) {
        Random random = new Random(1);
        return IntStream.range(0, count).mapToObj(i -> {
            boolean[] mask = new boolean[length + 1];
            Arrays.fill(mask, 1, mask.length, true);
            return new TokenRow(random.ints(length + 1, 0, VOCAB).toArray(), mask);
        }).toList();
    }

    private static double peak() {
        int n = 2048;
        double best = 0;
        try (NDManager manager = Engines.manager()) {
            NDArray a = manager.randomNormal(0, 1, new Shape(n, n), DataType.FLOAT32);
            for (int i = 0; i < 8; i++) {
                long used = processor();
                a.matMul(a).close();
                best = Math.max(best, 2.0 * n * n * n / (processor() - used));
            }
        }
        return best;
    }

    private static long processor() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double memory() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmHWM"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024).findFirst().orElseThrow();
    }
}
