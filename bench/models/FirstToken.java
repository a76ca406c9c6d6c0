import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.generate.LocalModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// From nothing to a first token, part by part, against reading the weights' file: the JVM, the tensor library, the
/// model, the first token. Run it in a JVM of its own for each figure; the file is in the page cache when it is read
/// for the second time.
///
/// Arguments: a model folder, the type (bfloat16).
final class FirstToken {
    public static void main(String[] args) throws Exception {
        double jvm = (System.currentTimeMillis() - ProcessHandle.current().info().startInstant().orElseThrow()
                .toEpochMilli()) / 1e3;
        Path folder = Path.of(args[0]);
        FloatType type = FloatType.named(args.length > 1 ? args[1] : "bfloat16").orElseThrow();
        double file = read(folder.resolve("model.safetensors"));
        long began = System.nanoTime();
        Compute compute = new Compute(Device.cpu(), type, type, true);
        try (NDManager manager = Engines.manager()) {
            manager.create(1f).close();
        }
        double library = since(began);
        began = System.nanoTime();
        try (LocalModel model = LocalModel.open(folder, 1, compute)) {
            double opened = since(began);
            began = System.nanoTime();
            model.generate(List.of(new GenerationRequest("a", List.of(ChatMessage.user("Hi")),
                    GenerationParameters.greedy(1), 0)));
            double first = since(began);
            double all = jvm + library + opened + first;
            System.out.println(String.format(Locale.ROOT,
                    "JVM %.2f s, library %.2f s, model %.2f s, first token %.2f s: "
                    + "%.2f s in all; reading the file %.2f s; beyond 1.5 times that %.2f s", jvm, library, opened,
                    first, all, file, all - 1.5 * file));
        }
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static double read(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 24);
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            long began = System.nanoTime();
            try (FileChannel channel = FileChannel.open(file)) {
                while (channel.read(buffer.clear()) >= 0) {
                }
            }
            best = Math.min(best, since(began));
        }
        return best;
    }
}
