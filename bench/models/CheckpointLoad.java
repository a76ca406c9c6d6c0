import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.sun.management.OperatingSystemMXBean;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.CheckpointWriter;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.checkpoint.Outgoing;
import dev.socratic.models.checkpoint.Tally;
import dev.socratic.models.engine.Engines;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Seconds and memory of loading a sharded bfloat16 checkpoint of random weights, against reading its bytes into
/// memory, all from the operating system's cache. Ratios are of processor time (the whole process's, the system's
/// share included), so that a busy machine changes them little; the clock's time stands beside it. Peaks are the
/// process's own (`VmHWM`, reset before each phase), above what it had before; Linux only.
///
/// Arguments: megabytes (1024), threads (1), how often each, the best counting (3).
final class CheckpointLoad {
    private static final long[] MATRIX = {2048, 4096};
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private record Measured(double processor, double clock, long peak) {}

    interface Phase {
        AutoCloseable run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        long bytes = (args.length > 0 ? Long.parseLong(args[0]) : 1024) << 20;
        Engines.threads(args.length > 1 ? Integer.parseInt(args[1]) : 1);
        times = args.length > 2 ? Integer.parseInt(args[2]) : times;
        Path folder = Files.createTempDirectory("socratic-checkpoint");
        try {
            write(folder, bytes);
            report("reading the bytes", bytes, bytes, best(() -> reading(folder)));
            report("float32 in memory", bytes, 2 * bytes, best(() -> widened(folder)));
            report("mapped, every number looked at", bytes, bytes, best(() -> mapped(folder)));
            report("bfloat16 as stored, summed", bytes, bytes, best(() -> stored(folder)));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private static void write(Path folder, long bytes) {
        List<Long> shape = List.of(MATRIX[0], MATRIX[1]);
        int numbers = (int) (MATRIX[0] * MATRIX[1]);
        List<Outgoing> tensors = new ArrayList<>();
        for (int i = 0; i < bytes / (2L * numbers); i++) {
            long seed = i;
            tensors.add(new Outgoing("model.layers." + i + ".mlp.up_proj.weight", DType.BF16, shape, out -> {
                SplittableRandom random = new SplittableRandom(seed);
                ByteBuffer block = ByteBuffer.allocate(2 * numbers).order(ByteOrder.LITTLE_ENDIAN);
                while (block.hasRemaining()) {
                    block.putShort((short) (0x3c00 | random.nextInt() & 0x83ff));
                }
                out.write(block.array());
            }));
        }
        long started = System.nanoTime();
        CheckpointWriter.write(folder, tensors, bytes / 4);
        System.out.printf("%,d MB in %d tensors written in %.2f s%n", bytes >> 20, tensors.size(),
                (System.nanoTime() - started) / 1e9);
    }

    /// The limit: every byte once, into memory that stays.
    private static AutoCloseable reading(Path folder) throws IOException {
        List<ByteBuffer> kept = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".safetensors")).sorted().toList()) {
                try (FileChannel channel = FileChannel.open(file)) {
                    long left = channel.size();
                    while (left > 0) {
                        ByteBuffer block = ByteBuffer.allocateDirect((int) Math.min(left, 16 << 20));
                        while (block.hasRemaining() && channel.read(block) >= 0) {
                            // until it is full
                        }
                        left -= block.capacity();
                        kept.add(block);
                    }
                }
            }
        }
        return kept::clear;
    }

    private static AutoCloseable mapped(Path folder) {
        Checkpoint checkpoint = Checkpoint.open(folder);
        checkpoint.tensors().keySet().forEach(name -> Tally.of(checkpoint.file(name), name));
        return checkpoint;
    }

    private static AutoCloseable stored(Path folder) {
        Checkpoint checkpoint = Checkpoint.open(folder);
        NDManager manager = Engines.manager();
        checkpoint.tensors().keySet().forEach(name -> {
            NDArray array = checkpoint.stored(name, manager);
            array.max().close(); // reads every number
        });
        return () -> {
            manager.close();
            checkpoint.close();
        };
    }

    private static AutoCloseable widened(Path folder) {
        NDManager manager = Engines.manager();
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            checkpoint.tensors().keySet().forEach(name -> checkpoint.read(name, manager));
        }
        return manager;
    }

    private static Measured best(Phase phase) throws Exception {
        Measured best = new Measured(Double.MAX_VALUE, Double.MAX_VALUE, 0);
        for (int i = 0; i < times; i++) {
            System.gc();
            Thread.sleep(200);
            Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak counts from here
            long before = status("VmRSS");
            long processor = PROCESS.getProcessCpuTime();
            long clock = System.nanoTime();
            try (AutoCloseable held = phase.run()) {
                best = new Measured(Math.min(best.processor(), (PROCESS.getProcessCpuTime() - processor) / 1e9),
                        Math.min(best.clock(), (System.nanoTime() - clock) / 1e9),
                        Math.max(best.peak(), status("VmHWM") - before));
            }
        }
        return best;
    }

    private static long status(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10).findFirst().orElse(0);
    }

    private static double limit;
    private static int times = 3;

    private static void report(String what, long bytes, long weights, Measured measured) {
        limit = limit == 0 ? measured.processor() : limit;
        System.out.printf(
                "%-31s processor %5.2f s = %4.2fx reading, %5.2f GB/s; clock %6.2f s; peak %,6d MB = %4.2fx of %,d "
                        + "MB of weights%n", what,
                measured.processor(), measured.processor() / limit, bytes / measured.processor() / 1e9,
                measured.clock(), measured.peak() >> 20,
                (double) measured.peak() / weights, weights >> 20);
    }
}
