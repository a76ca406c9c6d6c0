
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.capture.LogitCapture;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The side of `trl_peers.py` that is ours: one training of a config, its steps clocked, as one line of JSON.
///
/// Arguments: `train CONFIG OUT THREADS`, or `capture TEACHER ROWS STORE THREADS ENCODING MAX_SEQ`.
final class TrainingClock {
    private static final String PEAK = """
            def bf16(self, x: Tensor) -> Tensor:
              return torch.to(x, 15)
            def product(self, a: Tensor, b: Tensor) -> Tensor:
              return torch.mm(a, b)
            """;

    public static void main(String[] args) throws Exception {
        if (args[0].equals("capture")) {
            capture(args);
            return;
        }
        int threads = Integer.parseInt(args[3]);
        Engines.threads(threads);
        double[] before = peaks();
        Steps steps = new Steps();
        Path out = Files.createDirectories(Path.of(args[2]));
        steps.mark();
        TrainStage.run(ConfigReader.read(Files.readString(Path.of(args[1])), args[1], TrainConfig.class),
                new StageContext(out, steps, Clock.systemUTC(), threads), Compute.CPU);
        double peak = peakMemory();
        double[] after = peaks();
        System.out.printf(Locale.ROOT, "{\"marks\": %s, \"peak_mb\": %.0f, \"peak_float32\": %.1f, "
                + "\"peak_bfloat16\": %.1f}%n", steps.marks, peak, Math.max(before[0], after[0]),
                Math.max(before[1], after[1]));
    }

    private static void capture(String[] args) throws Exception {
        CaptureConfig config = ConfigReader.read("encoding: %s\nmax_seq: %s".formatted(args[5], args[6]), "bench",
                CaptureConfig.class);
        ExampleSource data = ConfigReader.read("data: {file: {path: %s}}\nbudget: {steps: {n: 1}}\nstudent: {folder: "
                .formatted(args[2]) + "{path: %s}}".formatted(args[1]), "bench", TrainConfig.class).data()
                .orElseThrow();
        LogitCapture.run(Path.of(args[1]), data, config, new StageContext(
                Files.createDirectories(Path.of(args[3])), Progress.SILENT, Clock.systemUTC(),
                Integer.parseInt(args[4])), Compute.CPU);
    }

    /// GFLOP a processor second of a product of two 2048 x 2048 matrices, in float32 and bfloat16; the best of eight.
    private static double[] peaks() {
        int n = 2048;
        double[] best = new double[2];
        try (NDManager manager = Engines.manager(); Program program = Program.compile(manager, "peak", PEAK)) {
            NDArray a = manager.randomNormal(0, 1, new Shape(n, n), DataType.FLOAT32);
            NDArray half = program.run("bf16", Arg.of(a)).singletonOrThrow();
            for (int i = 0; i < 8; i++) {
                best[0] = Math.max(best[0], product(program, a, n));
                best[1] = Math.max(best[1], product(program, half, n));
            }
        }
        return best;
    }

    private static double product(Program program, NDArray x, int n) {
        long used = processor();
        program.run("product", Arg.of(x), Arg.of(x)).close();
        return 2.0 * n * n * n / (processor() - used);
    }

    private static long processor() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double peakMemory() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmHWM"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024).findFirst().orElse(0);
    }

    /// Processor seconds and the clock's, before the first step and behind each.
    private static final class Steps implements Progress {
        private final List<String> marks = new ArrayList<>();

        void mark() {
            marks.add(String.format(Locale.ROOT, "[%.3f, %.3f]", processor() / 1e9, System.nanoTime() / 1e9));
        }

        @Override
        public void spent(Usage usage) {
            mark();
        }

        @Override
        public void total(long items) {}

        @Override
        public void done(long items) {}

        @Override
        public void failed(long items) {}

        @Override
        public void note(String line) {
            System.err.println(line);
        }
    }
}
