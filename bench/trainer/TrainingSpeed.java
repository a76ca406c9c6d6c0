import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.Usage;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// Training tokens a second of a 5 M parameter decoder on word problems, as a share of the float32 matrix-product
/// peak measured before and after in the same process: `6 x parameters x tokens a second / peak`. Data, optimiser and
/// logs are in it, start-up and the first steps not.
///
/// Arguments: processor threads (default 1 and 2), tokens of a micro-batch (default 2048), precision (default float32).
final class TrainingSpeed {
    private static final int STEPS = 24;
    private static final int WARM_UP = 4;

    public static void main(String[] args) throws Exception {
        List<Integer> threads = args.length > 0 ? List.of(Integer.parseInt(args[0])) : List.of(1, 2);
        int micro = args.length > 1 ? Integer.parseInt(args[1]) : 2048;
        String precision = args.length > 2 ? args[2] : "float32";
        for (int each : threads) {
            Path folder = Files.createTempDirectory("training-speed");
            Engines.threads(each);
            Peak before = Peak.measure();
            Steps steps = new Steps();
            TrainConfig config = ConfigReader.read(CONFIG.formatted(STEPS, micro, precision), "bench",
                    TrainConfig.class);
            StageReport report = TrainStage.run(config, new StageContext(folder, steps, Clock.systemUTC(), each),
                    Compute.CPU);
            Peak after = Peak.measure();
            double parameters = ((Number) report.notes().get("parameters")).doubleValue();
            double flops = 6 * parameters * steps.tokens() / 1e9;
            System.out.printf(
                    "%d thread(s), micro-batches of %d tokens, %s, %.2f M parameters: %.0f tokens/s = %.1f GFLOP/s by "
                            + "6ND; peak %.1f, ratio %.1f %%%n",
                    each, micro, precision, parameters / 1e6, steps.tokens() / steps.seconds(), flops / steps.seconds(),
                    Math.max(before.wall, after.wall),
                    100 * flops / steps.seconds() / Math.max(before.wall, after.wall));
            System.out.printf(
                    "    by processor time, for a busy machine: %.1f GFLOP a processor second; peak %.1f, ratio "
                            + "%.1f %%%n",
                    flops / steps.processor(), Math.max(before.processor, after.processor),
                    100 * flops / steps.processor() / Math.max(before.processor, after.processor));
        }
    }

    /// Best of twelve products of two 2048 x 2048 matrices: GFLOP a second, and GFLOP a processor second.
    private record Peak(double wall, double processor) {
        static Peak measure() {
            int n = 2048;
            double wall = 0;
            double processor = 0;
            try (NDManager manager = Engines.manager()) {
                NDArray a = manager.randomNormal(0, 1, new Shape(n, n), DataType.FLOAT32);
                NDArray b = manager.randomNormal(0, 1, new Shape(n, n), DataType.FLOAT32);
                for (int i = 0; i < 12; i++) {
                    long began = System.nanoTime();
                    long used = processorTime();
                    a.matMul(b).close();
                    double flop = 2.0 * n * n * n;
                    wall = Math.max(wall, flop / (System.nanoTime() - began));
                    processor = Math.max(processor, flop / (processorTime() - used));
                }
            }
            return new Peak(wall, processor);
        }
    }

    private static long processorTime() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /// Clocks every step but the first ones.
    private static final class Steps implements Progress {
        private int seen;
        private long tokens;
        private long begun;
        private long ended;
        private long usedBefore;
        private long used;

        @Override
        public void spent(Usage usage) {
            if (++seen > WARM_UP) {
                tokens += usage.promptTokens();
                ended = System.nanoTime();
                used = processorTime();
            } else if (seen == WARM_UP) {
                begun = System.nanoTime();
                usedBefore = processorTime();
            }
        }

        double tokens() {
            return tokens;
        }

        double seconds() {
            return (ended - begun) / 1e9;
        }

        double processor() {
            return (used - usedBefore) / 1e9;
        }

        @Override
        public void total(long items) {}

        @Override
        public void done(long items) {}

        @Override
        public void failed(long items) {}

        @Override
        public void note(String line) {}
    }

    private static final String CONFIG = """
            name: bench
            student: {random: {hidden: 256, layers: 6, heads: 8, kv_heads: 8, intermediate: 672, context: 512}}
            tokenizer: {train_bpe: {vocab: 1024, source: {word_problems: {count: 2000}}, rows: 2000}}
            data: {word_problems: {count: 6000, seed: 1}}
            budget: {steps: {n: %d}}
            batch_tokens: 8192
            micro_tokens: %d
            max_seq: 384
            checkpoint_every: 1000
            precision: %s
            """;
}
