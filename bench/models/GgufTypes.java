import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.gguf.GgmlType;
import dev.socratic.models.gguf.convert.GgufExport;
import dev.socratic.models.gguf.convert.GgufImport;
import dev.socratic.models.gguf.convert.WeightType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What each type of GGUF costs: a model is exported in it, imported again, and its distributions are compared with
/// those of the model itself on real text, token by token: KL divergence (nats), perplexity, how often the likeliest
/// token is the same. With the size of the file, and how fast it was written and read.
///
///     bench/run bench/models/GgufTypes.java MODEL_FOLDER TEXT_FILE SCRATCH_FOLDER
public final class GgufTypes {
    private static final int WINDOW = 256;
    private static final int WINDOWS = 8;

    private GgufTypes() {}

    public static void main(String[] args) throws IOException {
        Engines.threads(1);
        Path model = Path.of(args[0]);
        Path scratch = Files.createDirectories(Path.of(args[2]));
        try (NDManager manager = Engines.manager(); Tokenizer tokenizer = Tokenizer.open(model)) {
            long[] ids = tokenizer.encode(Files.readString(Path.of(args[1])));
            List<long[]> windows = new ArrayList<>();
            for (int i = 0; i < WINDOWS && (i + 1) * WINDOW <= ids.length; i++) {
                windows.add(Arrays.copyOfRange(ids, i * WINDOW, (i + 1) * WINDOW));
            }
            List<NDArray> expected = logProbs(model, windows, manager);
            System.out.printf(Locale.ROOT, "%s: %d windows of %d tokens, perplexity %.3f%n", model.getFileName(),
                    windows.size(), WINDOW, Math.exp(loss(expected, windows)));
            for (GgmlType type : GgufExport.TYPES) {
                Path file = scratch.resolve(type.label() + ".gguf");
                Path folder = scratch.resolve(type.label());
                long start = System.nanoTime();
                GgufExport.run(model, file, type);
                long written = System.nanoTime();
                GgufImport.run(file, folder, WeightType.LOSSLESS);
                long read = System.nanoTime();
                try (NDManager own = Engines.manager()) {
                    report(type, file, expected, logProbs(folder, windows, own), windows,
                            (written - start) / 1e9, (read - written) / 1e9);
                }
                Files.delete(file);
                for (Path part : Files.walk(folder).sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(part);
                }
            }
        }
    }

    private static void report(GgmlType type, Path file, List<NDArray> expected, List<NDArray> got,
            List<long[]> windows, double written, double read) throws IOException {
        double divergence = 0;
        double same = 0;
        for (int i = 0; i < expected.size(); i++) {
            NDArray p = expected.get(i); // [seq, vocab]
            NDArray q = got.get(i);
            try (NDArray each = p.exp().mul(p.sub(q)).sum(new int[] {1})) { // [seq]
                divergence += each.mean().getFloat() / expected.size();
            }
            same += p.argMax(1).eq(q.argMax(1)).countNonzero().getLong();
        }
        System.out.printf(Locale.ROOT, "%-5s %6.1f MB  KL %.6f  perplexity %.3f  likeliest the same %.2f %%  "
                + "written in %.1f s, read in %.1f s%n", type.label(), Files.size(file) / 1e6, divergence,
                Math.exp(loss(got, windows)), 100 * same / (windows.size() * (double) WINDOW), written, read);
    }

    /// @return log-probabilities of every next token, `[seq, vocab]` for each window
    private static List<NDArray> logProbs(Path folder, List<long[]> windows, NDManager manager) {
        List<NDArray> all = new ArrayList<>();
        try (NDManager own = manager.newSubManager(); Decoder decoder = Decoder.load(folder, own)) {
            for (long[] window : windows) {
                NDArray ids = own.create(new long[][] {window}); // [1, seq]
                NDArray logits = decoder.logits(decoder.forward(ids, Set.of(), false).states(), false).get(0);
                NDArray log = logits.logSoftmax(1); // [seq, vocab]
                log.attach(manager);
                all.add(log);
            }
        }
        return all;
    }

    /// @return nats a token
    private static double loss(List<NDArray> logProbs, List<long[]> windows) {
        double sum = 0;
        long count = 0;
        for (int i = 0; i < windows.size(); i++) {
            long[] window = windows.get(i);
            for (int at = 0; at + 1 < window.length; at++) {
                sum -= logProbs.get(i).get(at).getFloat(window[at + 1]);
                count++;
            }
        }
        return sum / count;
    }
}
