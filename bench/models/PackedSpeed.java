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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// Reading and writing of a real model as its checkpoint lays it out, and packed (`Decoder.packed`), in turns, one
/// thread, in processor time, so that a busy machine changes them little. Medians of five.
///
///     bench/run bench/models/PackedSpeed.java MODEL_FOLDER
public final class PackedSpeed {
    private static final int TURNS = 5;
    private static final int STEPS = 24;
    private static final int PROMPT = 512;

    private record Form(String name, FloatType type, Quantization quantization, boolean packed) {
        Decoder open(Path folder, NDManager manager) {
            Decoder decoder = Decoder.load(folder, manager, type, type, quantization);
            return packed ? decoder.packed() : decoder;
        }
    }

    public static void main(String[] args) {
        Engines.threads(1);
        List<Form> forms = List.of(new Form("float32", FloatType.FLOAT32, Quantization.NONE, false),
                new Form("float32 packed", FloatType.FLOAT32, Quantization.NONE, true),
                new Form("bfloat16", FloatType.BFLOAT16, Quantization.NONE, false),
                new Form("bfloat16 packed", FloatType.BFLOAT16, Quantization.NONE, true),
                new Form("8 bits packed", FloatType.BFLOAT16, Quantization.INT8, true),
                new Form("4 bits packed", FloatType.BFLOAT16, Quantization.INT4, true));
        try (NDManager manager = Engines.manager()) {
            List<Decoder> decoders = forms.stream().map(form -> form.open(Path.of(args[0]), manager)).toList();
            for (int batch : new int[] {1, 16}) {
                double[][] seconds = new double[forms.size()][TURNS];
                for (int turn = -1; turn < TURNS; turn++) {
                    for (int i = 0; i < seconds.length; i++) {
                        double[] took = {writing(decoders.get(i), batch)};
                        if (turn >= 0) {
                            seconds[i][turn] = took[0];
                        }
                    }
                }
                print("writing, " + batch + " rows", forms, seconds, batch * STEPS);
            }
            double[][] seconds = new double[forms.size()][TURNS];
            for (int turn = 0; turn < TURNS; turn++) {
                for (int i = 0; i < seconds.length; i++) {
                    seconds[i][turn] = reading(decoders.get(i));
                }
            }
            print("reading " + PROMPT, forms, seconds, PROMPT);
        }
    }

    private static void print(String what, List<Form> forms, double[][] seconds, int tokens) {
        double first = median(seconds[0]);
        for (int i = 0; i < seconds.length; i++) {
            System.out.printf(Locale.ROOT, "%s, %s: %.1f tokens/s = %.2f of float32%n", what, forms.get(i).name(),
                    tokens / median(seconds[i]), first / median(seconds[i]));
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double writing(Decoder decoder, int batch) {
        try (Decoding decoding = Decoding.start(decoder, Collections.nCopies(batch, prompt(16)))) {
            long started = now();
            decoding.advance(new Draws(Sampling.GREEDY, new double[batch][STEPS]), new long[] {-1});
            return (now() - started) / 1e9;
        }
    }

    private static double reading(Decoder decoder) {
        long started = now();
        Decoding.start(decoder, List.of(prompt(PROMPT))).close();
        return (now() - started) / 1e9;
    }

    private static long[] prompt(int length) {
        long[] ids = new long[length];
        Arrays.setAll(ids, i -> 100 + 37L * i % 20000);
        return ids;
    }

    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
