
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.Usage;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.TrainConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/// Peak memory of training steps of one model with a switch of `memory:`, and the processor time that a step takes. The
/// peak is VmHWM, set back through /proc/self/clear_refs behind the first step, which makes what lives as long as the
/// run. Give one case a process: the allocator keeps what an earlier one gave back.
///
/// Arguments: folder of the student, data (JSON lines), teacher's folder or `-`, tokens of a micro-batch, longest row,
/// micro-batches of a step, precision, then names of cases (default all).
final class StepMemory {
    private static final int STEPS = 3;

    private record Case(String name, String memory, boolean taught) {}

    private static final List<Case> CASES = List.of(
            new Case("usual", "{}", false),
            new Case("recompute", "{recompute: layers}", false),
            new Case("activations on disk", "{recompute: layers, activations: disk}", false),
            new Case("state on disk", "{optimizer_state: disk}", false),
            new Case("in backward", "{recompute: layers, step: in_backward}", false),
            new Case("all", "{recompute: layers, activations: disk, optimizer_state: disk, step: in_backward}", false),
            new Case("taught", "{}", true),
            new Case("taught, streamed", "{teacher: streamed}", true),
            new Case("taught, all", "{recompute: layers, activations: disk, optimizer_state: disk, step: in_backward, "
                    + "teacher: streamed}", true));

    public static void main(String[] args) throws Exception {
        List<String> chosen = new ArrayList<>();
        for (int i = 7; i < args.length; i++) {
            chosen.add(args[i]);
        }
        Engines.threads(1);
        for (Case one : CASES) {
            if (one.taught() && args[2].equals("-") || !chosen.isEmpty() && !chosen.contains(one.name())) {
                continue;
            }
            Steps steps = run(args, one);
            System.out.printf(java.util.Locale.ROOT,
                    "%-20s peak %6.0f MiB (behind the first step %6.0f, without mapped files %6.0f); %.1f s of "
                    + "processor a step%n", one.name(), steps.peak / 1024.0, steps.before / 1024.0,
                    steps.anonymous / 1024.0, steps.seconds / 1e9 / (STEPS - 1));
        }
    }

    private static Steps run(String[] args, Case one) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "step-memory");
        int micro = Integer.parseInt(args[3]);
        String config = """
                name: bench
                student: {folder: {path: "%s"}}
                data: {file: {path: "%s"}}
                budget: {steps: {n: %d}}
                batch_tokens: %d
                micro_tokens: %d
                max_seq: %s
                too_long_limit: 1
                checkpoint_every: 1000
                optimizer: {max_grad_norm: 0, learning_rate: 1e-5}
                precision: %s
                memory: %s
                """.formatted(args[0], args[1], STEPS, micro * Integer.parseInt(args[5]), micro, args[4], args[6],
                one.memory());
        String taught = one.taught() ? "objective: forward_kl\nteacher: \"%s\"\n".formatted(args[2]) : "";
        Steps steps = new Steps();
        try {
            TrainStage.run(ConfigReader.read(config + taught, "bench", TrainConfig.class),
                    new StageContext(folder, steps, Clock.systemUTC(), 1), Compute.CPU);
        } catch (Enough enough) {
            steps.finish();
        }
        return steps;
    }

    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Looks behind the first step and behind the last, before the student is saved.
    private static final class Steps implements Progress {
        private int seen;
        private long before;
        private long peak;
        private long anonymous;
        private long began;
        private long seconds;

        @Override
        public void spent(Usage usage) {
            if (++seen == 1) {
                reset();
                before = status("VmRSS:");
                anonymous = status("RssAnon:");
                began = processorTime();
            } else if (seen == STEPS) {
                throw new Enough();
            }
        }

        void finish() {
            peak = status("VmHWM:");
            seconds = processorTime() - began;
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

    private static long processorTime() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void reset() {
        try {
            System.gc();
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// @return KiB
    private static long status(String field) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElseThrow();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
